package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.SecuredAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, tokens and prompts are in no log, no metric, no event and no answer of the admin port. */
class SecretsTest {
  private static final String KEY = "sk-very-secret-origin-key-0123456789";
  private static final String PROMPT = "xyzzy-the-private-prompt";

  @TempDir private Path dir;

  @Test
  void secrets_areNowhere() throws IOException {
    String token = SecuredAgent.token(dir, "operate");
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    StringBuilder all = new StringBuilder();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (SecuredAgent agent =
        SecuredAgent.passing("admin.operate-token-file=" + dir.resolve("operate"))) {
      for (String path : new String[] {"/v1/chat/completions", "/v1/completions", "/other"}) {
        String body = "{\"model\":\"m\",\"prompt\":\"" + PROMPT + "\",\"odd\":\"" + PROMPT + "\"}";
        for (String form : new String[] {body, body.substring(5)}) {
          Raw.exchange(
              agent.port(),
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                  + KEY
                  + "\r\nContent-Length: "
                  + form.length()
                  + "\r\n\r\n"
                  + form,
              3000);
        }
      }
      agent.awaitCounter("plumbline_exchanges_total", 4);
      String bearer = "Authorization: Bearer " + token;
      for (String route : agent.adminRoutes()) {
        String[] words = route.split(" ");
        all.append(Raw.ask(agent.adminPort(), words[0], words[1].replaceAll(":\\w+", "x"), bearer));
        Raw.ask(agent.adminPort(), words[0], words[1], bearer + "x");
      }
      assertThat(agent.atOrigin()).anyMatch(seen -> seen.contains(KEY));
    } finally {
      System.setErr(before);
    }
    all.append(log.toString(StandardCharsets.UTF_8));
    assertThat(all.toString()).doesNotContain(KEY).doesNotContain(PROMPT).doesNotContain(token);
  }
}
