# Takes away what cut-windows.ps1 has put in place: Cordon's rules go, the rules that it switched off are
# switched on again, and the profiles are as they were. Reads $CaseId. The last line is the result, in
# JSON. The exported policy is never loaded: it would undo what was changed since; it is for people.
$ErrorActionPreference = 'Stop'
$result = [ordered]@{ cordon = 'host-cut'; action = 'restore'; case = $CaseId; ok = $false; error = ''
  method = 'none'; how = 'none'; ended = 0; left = 0; planted = 0; allowed = '' }
function Complete-Restore([bool]$Ok, [string]$Problem) {
  $result.ok = $Ok; $result.error = $Problem
  Write-Output ($result | ConvertTo-Json -Compress)
  exit ([int](-not $Ok))
}
if ($CaseId -notmatch '^[A-Za-z0-9-]+$') { $result.case = ''; Complete-Restore $false 'bad-case' }

try {
  $folder = Join-Path $env:ProgramData "Cordon\$CaseId"
  $own = Get-NetFirewallRule -Group 'Cordon' -ErrorAction SilentlyContinue
  $profiles = Join-Path $folder 'profiles.json'
  if (-not (Test-Path -LiteralPath $profiles -PathType Leaf)) {
    # Nothing was cut by this case; with rules of Cordon's there, what was before is not known.
    Complete-Restore (-not $own) $(if ($own) { 'before-unknown' } else { '' })
  }
  $rules = Join-Path $folder 'rules.json'
  if (Test-Path -LiteralPath $rules -PathType Leaf) {
    foreach ($name in @(Get-Content -LiteralPath $rules -Raw | ConvertFrom-Json)) {
      # One that was deleted since stays deleted.
      Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue | Enable-NetFirewallRule
    }
  }
  foreach ($one in @(Get-Content -LiteralPath $profiles -Raw | ConvertFrom-Json)) {
    Set-NetFirewallProfile -Name $one.Name -Enabled $one.Enabled -DefaultInboundAction $one.DefaultInboundAction `
      -DefaultOutboundAction $one.DefaultOutboundAction -AllowInboundRules $one.AllowInboundRules
  }
  if ($own) { $own | Remove-NetFirewallRule; $result.method = 'windows-firewall' }
  # A later cut has a before of its own.
  foreach ($name in 'profiles.json', 'rules.json') {
    $file = Join-Path $folder $name
    if (Test-Path -LiteralPath $file) { Move-Item -LiteralPath $file -Destination "$file.restored" -Force }
  }
  Complete-Restore $true ''
} catch { Complete-Restore $false 'powershell' }
