package dev.plumbline.learn.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
  private static final Machine CPU = new Machine("cpu", 2, "2.7.1");
  private static final ModelCard WANTED = card(Map.of("bad", "1"), CPU);

  @Test
  void misfit_ofOneWithMoreAdapters_isNone() {
    assertThat(WANTED.misfit(card(Map.of("bad", "1", "worse", "2"), CPU))).isEmpty();
  }

  @Test
  void misfit_namesWhatDiffers() {
    assertThat(WANTED.misfit(card(Map.of(), CPU))).contains("adapter bad none instead of 1");
    assertThat(WANTED.misfit(card(Map.of("bad", "2"), CPU)).orElseThrow()).contains("2 instead");
    assertThat(WANTED.misfit(card(Map.of("bad", "1"), new Machine("cpu", 4, "2.7.1"))))
        .hasValueSatisfying(how -> assertThat(how).contains("threads=4"));
    assertThat(WANTED.on(new Machine("gpu", 0, "2.7.1")).misfit(WANTED)).isPresent();
  }

  @Test
  void parse_ofItsText_isTheCard() {
    assertThat(ModelCard.parse(WANTED.text())).contains(WANTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "[1]", "{\"weights\":\"w\"}", "{\"weights\":3,"})
  void parse_ofAnythingElse_isNone(String text) {
    assertThat(ModelCard.parse(text)).isEmpty();
  }

  @Test
  void address_parsed_hasAPort() {
    assertThat(MemberAddress.parse("node-1")).isEqualTo(new MemberAddress("node-1", 5801));
    assertThat(MemberAddress.parse("[::1]:9")).hasToString("[::1]:9");
    for (String bad : new String[] {"", "a:b", "a:0", "a:70000", "a b", "http://a"}) {
      assertThatThrownBy(() -> MemberAddress.parse(bad)).hasMessageContaining("member");
    }
  }

  private static ModelCard card(Map<String, String> adapters, Machine machine) {
    return new ModelCard("w", "t", "float32", adapters, machine);
  }
}
