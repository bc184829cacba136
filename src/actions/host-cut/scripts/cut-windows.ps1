# Cuts this host off from everything but the agent of Systems Manager, by the Windows Firewall.
# Reads $CaseId. The last line is the result, in JSON.
#
# Windows has no command that ends somebody else's connection. What the firewall refuses from now on it
# refuses to connections that are open too: they are judged anew when the rules change
# (https://learn.microsoft.com/en-us/windows/win32/fwp/ale-re-authorization). They are silenced, and not
# ended; their number is told. Whoever is an administrator of the host can undo all of it.
$ErrorActionPreference = 'Stop'
$result = [ordered]@{ cordon = 'host-cut'; action = 'cut'; case = $CaseId; ok = $false; error = ''
  method = 'none'; how = 'rules'; ended = 0; left = 0; planted = 0; allowed = '' }
function Complete-Cut([bool]$Ok, [string]$Problem) {
  $result.ok = $Ok; $result.error = $Problem
  Write-Output ($result | ConvertTo-Json -Compress)
  exit ([int](-not $Ok))
}
if ($CaseId -notmatch '^[A-Za-z0-9-]+$') { $result.case = ''; Complete-Cut $false 'bad-case' }

try {
  # What was before, readable for the system and administrators alone, and never written over.
  $folder = Join-Path $env:ProgramData "Cordon\$CaseId"
  foreach ($one in (Split-Path $folder), $folder) {
    $found = Get-Item -LiteralPath $one -Force -ErrorAction SilentlyContinue
    if ($found -and (-not $found.PSIsContainer -or ($found.Attributes -band [IO.FileAttributes]::ReparsePoint))) {
      Rename-Item -LiteralPath $one -NewName "$(Split-Path $one -Leaf).planted.$PID"; $result.planted++
    }
    New-Item -ItemType Directory -Path $one -Force | Out-Null
    & icacls.exe $one /setowner '*S-1-5-32-544' /Q | Out-Null
    & icacls.exe $one /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' /Q | Out-Null
    if ($LASTEXITCODE -ne 0) { Complete-Cut $false 'no-state-folder' }
  }
  function Save-Once([string]$Name, $Value) {
    $file = Join-Path $folder $Name
    if (Test-Path -LiteralPath $file -PathType Leaf) { return }
    ConvertTo-Json -InputObject @($Value) -Depth 3 | Set-Content -LiteralPath "$file.new" -Encoding UTF8
    Move-Item -LiteralPath "$file.new" -Destination $file
  }
  Save-Once 'profiles.json' (Get-NetFirewallProfile -All | ForEach-Object {
      [ordered]@{ Name = $_.Name; Enabled = "$($_.Enabled)"; DefaultInboundAction = "$($_.DefaultInboundAction)"
        DefaultOutboundAction = "$($_.DefaultOutboundAction)"; AllowInboundRules = "$($_.AllowInboundRules)" } })
  # A rule that allows something outwards would count beside Cordon's; each is switched off by its name.
  $open = Get-NetFirewallRule -Direction Outbound -Action Allow -Enabled True |
    Where-Object { $_.Group -ne 'Cordon' }
  Save-Once 'rules.json' ($open | ForEach-Object { $_.Name })
  if (-not (Test-Path -LiteralPath (Join-Path $folder 'before.wfw'))) {
    & netsh.exe advfirewall export (Join-Path $folder 'before.wfw') | Out-Null
  }

  # The agent's own programs, what it needs to find its servers by name, and the host's address.
  $programs = 'amazon-ssm-agent.exe', 'ssm-agent-worker.exe', 'ssm-document-worker.exe' |
    ForEach-Object { Join-Path $env:ProgramFiles "Amazon\SSM\$_" } |
    Where-Object { Test-Path -LiteralPath $_ -PathType Leaf }
  if (-not $programs) { Complete-Cut $false 'no-agent' }
  $rule = @{ Group = 'Cordon'; Direction = 'Outbound'; Action = 'Allow'; Profile = 'Any'; Enabled = 'True' }
  Get-NetFirewallRule -Group 'Cordon' -ErrorAction SilentlyContinue | Remove-NetFirewallRule
  foreach ($program in $programs) {
    New-NetFirewallRule @rule -DisplayName 'Cordon: agent' -Program $program -Protocol TCP -RemotePort 443, 80 | Out-Null
  }
  New-NetFirewallRule @rule -DisplayName 'Cordon: names' -Service Dnscache -Protocol UDP -RemotePort 53 | Out-Null
  New-NetFirewallRule @rule -DisplayName 'Cordon: names' -Service Dnscache -Protocol TCP -RemotePort 53 | Out-Null
  New-NetFirewallRule @rule -DisplayName 'Cordon: address' -Service Dhcp -Protocol UDP -LocalPort 68 -RemotePort 67 | Out-Null

  $open | Disable-NetFirewallRule
  Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block -DefaultOutboundAction Block -AllowInboundRules False
  $result.method = 'windows-firewall'
  # What a group policy sets cannot be changed here.
  $loose = Get-NetFirewallProfile -PolicyStore ActiveStore -All | Where-Object {
    "$($_.Enabled)" -ne 'True' -or "$($_.DefaultOutboundAction)" -ne 'Block' -or "$($_.DefaultInboundAction)" -ne 'Block' }
  $others = Get-NetFirewallRule -PolicyStore ActiveStore -Direction Outbound -Action Allow -Enabled True |
    Where-Object { $_.Group -ne 'Cordon' }
  if ($loose -or $others) { Complete-Cut $false 'group-policy' }

  $agents = @(Get-Process | Where-Object { $programs -contains $_.Path } | ForEach-Object { $_.Id })
  $result.left = @(Get-NetTCPConnection -State Established | Where-Object {
      $_.RemoteAddress -notmatch '^(127\.|::1$)' -and $agents -notcontains $_.OwningProcess }).Count
  Complete-Cut $true ''
} catch { Complete-Cut $false 'powershell' }
