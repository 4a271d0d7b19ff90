package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static long taken(Sampler sampler, String model) {
    return IntStream.range(0, 100_000).filter(i -> sampler.takes("req-" + i, model)).count();
  }

  @Test
  void takes_ofManyIds_isTheShare() {
    Sampler sampler = new Sampler(0.01, Map.of("all", 1.0, "none", 0.0), 42);
    // Binomial: 1,000 with a standard deviation of 31; five of them.
    assertThat(taken(sampler, "m")).isBetween(845L, 1155L);
    assertThat(taken(sampler, "all")).isEqualTo(100_000);
    assertThat(taken(sampler, "none")).isZero();
  }

  @Test
  void takes_ofOneId_dependsOnTheSaltAlone() {
    Sampler one = new Sampler(0.5, Map.of(), 1);
    Sampler same = new Sampler(0.5, Map.of("x", 0.1), 1);
    Sampler other = new Sampler(0.5, Map.of(), 2);
    assertThat(IntStream.range(0, 100).boxed())
        .allMatch(i -> one.takes("id" + i, "m") == same.takes("id" + i, "m"))
        .anyMatch(i -> one.takes("id" + i, "m") != other.takes("id" + i, "m"));
  }
}
