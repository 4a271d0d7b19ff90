package dev.plumbline.torch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts were rendered by Python's jinja2 3.1.6 with the settings Hugging Face uses. */
class ChatTemplateTest {
  private static final String DATE_THEN = "22 Nov 2026";

  @TempDir Path folder;

  private static JsonNode cases() {
    try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/text/chat.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ChatMessage> messages(JsonNode list) {
    List<ChatMessage> messages = new ArrayList<>();
    list.forEach(
        m -> messages.add(new ChatMessage(m.get("role").asText(), m.get("content").asText())));
    return messages;
  }

  @Test
  void render_realTemplates_equalsPython() {
    JsonNode all = cases();
    Map<String, Object> variables = new HashMap<>();
    variables.put("tools", null);
    assertThat(all.get("cases").size()).isEqualTo(72);
    for (JsonNode one : all.get("cases")) {
      String source = all.get("templates").get(one.get("template").asText()).asText();
      ChatTemplate template = new ChatTemplate(source, "<s>", "</s>");
      List<ChatMessage> messages = messages(all.get("messages").get(one.get("case").asText()));
      boolean prompt = one.get("generation").asBoolean();
      if (one.get("expected").isNull()) {
        assertThatThrownBy(() -> template.render(messages, prompt, variables))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(one.get("error").asText());
      } else {
        String today = TemplateFunctions.today("%d %b %Y");
        assertThat(template.render(messages, prompt, variables))
            .as("%s on %s", one.get("template"), one.get("case"))
            .isEqualTo(one.get("expected").asText().replace(DATE_THEN, today));
      }
    }
  }

  @Test
  void date_formats_asPython() {
    assertThat(TemplateFunctions.date(LocalDate.of(2024, 7, 6), "%d %b %Y, %A"))
        .isEqualTo("06 Jul 2024, Saturday");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(1000) %}{{ '' }}{% endfor %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for i in range(1000) %}{{ 'x' * 100000 }}{% endfor %}",
        "{{ 'a'.repeat(2000000000) }}",
        "{{ messages.getClass() }}{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% for m in messages %}"
      })
  void render_hostileTemplate_refused(String source) {
    ChatTemplate template = new ChatTemplate(source, "", "");
    assertThatThrownBy(() -> template.render(List.of(ChatMessage.user("hi")), true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void inFolder_jinjaFile_winsOverConfig() throws IOException {
    assertThat(ChatTemplates.inFolder(folder)).isEmpty();
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(
        config,
        "{\"bos_token\":{\"content\":\"<b>\"},\"eos_token\":\"<e>\",\"chat_template\":[{\"name\":\"tool_use\",\"template\":\"no\"},{\"name\":\"default\",\"template\":\"yes{{ bos_token }}\"}]}");
    assertThat(ChatTemplates.inFolder(folder).orElseThrow().render(List.of(), false))
        .isEqualTo("yes<b>");
    Files.writeString(folder.resolve("chat_template.jinja"), "file{{ eos_token }}\n");
    ChatTemplate template = ChatTemplates.inFolder(folder).orElseThrow();
    assertThat(template.render(List.of(), false)).isEqualTo("file<e>");
    assertThat(template.sha256()).hasSize(64);
  }
}
