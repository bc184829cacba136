import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import software.amazon.event.ruler.Ruler;

/** Reads {"patterns": [], "events": []} and prints per pattern which events AWS's matcher lets through. */
public class MatchEvents {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode asked = mapper.readTree(System.in);
    ArrayNode answers = mapper.createArrayNode();
    for (JsonNode pattern : asked.get("patterns")) {
      ArrayNode row = answers.addArray();
      for (JsonNode event : asked.get("events")) {
        row.add(Ruler.matchesRule(event.toString(), pattern.toString()));
      }
    }
    System.out.println(answers);
  }
}
