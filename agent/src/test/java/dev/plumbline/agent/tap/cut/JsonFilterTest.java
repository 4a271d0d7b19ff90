package dev.plumbline.agent.tap.cut;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFilterTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<Rule> RULES =
      List.of(Rule.cut("secret"), Rule.cut("choices.*.secret"), Rule.read("usage.prompt_tokens"));

  @Test
  void cut_firstMiddleLastAndOnlyMember_takesItsComma() {
    assertThat(cut("{\"secret\":[1,{\"a\":\"]}\"}],\"b\":2}")).isEqualTo("{\"b\":2}");
    assertThat(cut("{\"a\":1, \"secret\" : \"x\\\"}\" , \"b\":2}"))
        .isEqualTo("{\"a\":1 , \"b\":2}");
    assertThat(cut("{\"a\":1,\"secret\":null}")).isEqualTo("{\"a\":1}");
    assertThat(cut("{\"secret\":-1.5e3}")).isEqualTo("{}");
    assertThat(cut("{\"choices\":[{\"secret\":[]},{\"x\":1,\"secret\":{}}]}"))
        .isEqualTo("{\"choices\":[{},{\"x\":1}]}");
  }

  @Test
  void cut_sameKeyElsewhere_passes() {
    String other = "{\"a\":{\"secret\":1},\"b\":[{\"secret\":2}],\"c\":\"secret\"}";
    assertThat(cut(other)).isEqualTo(other);
  }

  @Test
  void feed_whatIsNoJson_passesByteForByte() {
    for (String text : List.of("", "{", "{\"secret\"", "}}]]", "{\"a\" 1}", "[1,,]{", "\"open")) {
      assertThat(cut(text)).isEqualTo(text);
    }
    String deep = "[".repeat(100) + "]".repeat(100);
    assertThat(cut(deep)).isEqualTo(deep);
    String longKey = "{\"" + "k".repeat(1 << 13) + "\":1}";
    assertThat(cut(longKey)).isEqualTo(longKey);
  }

  @Test
  void feed_withoutAMatch_keepsEveryByte() {
    String spaced = "\n{ \"a\" :\t[ 1.0e+05 , \"\\u00e9é\" ] ,\r\n \"usage\" : {} }\n";
    assertThat(cut(spaced)).isEqualTo(spaced);
  }

  @Test
  void feed_anyChunks_equalsRemovalFromTheTree() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 400; i++) {
      ObjectNode document = object(random, 3);
      byte[] bytes = MAPPER.writeValueAsBytes(document);
      document.remove("secret");
      document.path("choices").forEach(c -> ((ObjectNode) c).remove("secret"));
      String passed = filter(bytes, random, new Recorder());
      assertThat(MAPPER.readTree(passed)).isEqualTo(document);
    }
  }

  @Test
  void open_readRule_seesTheValueAndPassesIt() {
    Recorder recorder = new Recorder();
    byte[] bytes = "{\"usage\":{\"prompt_tokens\": 17}}".getBytes(StandardCharsets.UTF_8);
    assertThat(filter(bytes, new Random(1), recorder)).contains("17");
    assertThat(recorder.value.number()).isEqualTo(17);
    assertThat(recorder.documents).isEqualTo(1);
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = MAPPER.createObjectNode();
    int members = random.nextInt(4);
    for (int i = 0; i < members; i++) {
      String key = List.of("secret", "a", "b\"\\", "choices", "é").get(random.nextInt(5));
      if (key.equals("choices")) {
        ArrayNode array = object.putArray(key);
        for (int k = random.nextInt(3); k > 0 && depth > 0; k--) {
          array.add(object(random, depth - 1));
        }
      } else if (depth > 0 && random.nextBoolean()) {
        object.set(key, object(random, depth - 1));
      } else {
        object.put(key, random.nextBoolean() ? "}\\\"],{" : String.valueOf(random.nextInt()));
      }
    }
    return object;
  }

  private static String cut(String json) {
    String passed = null;
    for (int seed = 0; seed < 20; seed++) {
      String now = filter(json.getBytes(StandardCharsets.UTF_8), new Random(seed), new Recorder());
      assertThat(passed == null ? now : passed).isEqualTo(now);
      passed = now;
    }
    return passed;
  }

  private static String filter(byte[] bytes, Random random, Recorder recorder) {
    JsonFilter filter = new JsonFilter(RULES, recorder);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(1 + random.nextInt(7), bytes.length - at);
      out.writeBytes(filter.feed(java.util.Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    out.writeBytes(filter.end());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static final class Recorder implements Collector {
    private RawValue value;
    private int documents;

    @Override
    public ValueSink open(Rule rule, int position) {
      value = new RawValue(1 << 20);
      return value;
    }

    @Override
    public void endDocument(boolean whole) {
      documents++;
    }
  }
}
