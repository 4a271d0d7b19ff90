package dev.plumbline.agent.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeIdTest {
  @Test
  void of_decentHeader_isKept() {
    assertThat(ExchangeId.of("req-1.a:B_2")).isEqualTo("req-1.a:B_2");
    assertThat(ExchangeId.of("x".repeat(128))).hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a/b", "-a", "ä", "a\"b", "a\nb", "<x>"})
  void of_indecentHeader_isMade(String header) {
    assertThat(ExchangeId.of(header)).matches("[0-9a-f]{32}");
  }

  /** Some servers answer 400 to an X-Request-Id that is no UUID of version 4. */
  @Test
  void of_noHeader_isARandomUuid() {
    for (int i = 0; i < 100; i++) {
      assertThat(ExchangeId.of(null)).matches("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}");
    }
  }

  @Test
  void of_longOrNoHeader_isMadeAndFresh() {
    assertThat(ExchangeId.of("x".repeat(129))).hasSize(32);
    assertThat(ExchangeId.of(null)).isNotEqualTo(ExchangeId.of(null));
  }
}
