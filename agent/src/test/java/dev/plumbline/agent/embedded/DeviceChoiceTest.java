package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import org.junit.jupiter.api.Test;

/** What is wanted, what is found, and that the difference is said. */
class DeviceChoiceTest {
  @Test
  void auto_withoutGpu_fallsBackAndSaysSo() {
    DeviceChoice choice = DeviceChoice.of("auto", 0, "libtorch 2.7 from here", 2);
    assertThat(choice.kind()).isEqualTo("cpu");
    assertThat(choice.fallback()).isTrue();
    assertThat(choice.found())
        .isEqualTo(
            "device auto: wanted CUDA, found none (libtorch 2.7 from here): reading on the CPU with"
                + " 2 threads");
  }

  @Test
  void auto_withGpu_isTheFirst() {
    assertThat(DeviceChoice.of("auto", 2, "libtorch", 2).name()).isEqualTo("cuda:0");
    assertThat(DeviceChoice.of("gpu", 2, "libtorch", 2).name()).isEqualTo("cuda:0");
    assertThat(DeviceChoice.of("gpu:1", 2, "libtorch", 2).kind()).isEqualTo("gpu");
  }

  @Test
  void cpu_asWanted_isNoFallback() {
    assertThat(DeviceChoice.of("cpu", 1, "libtorch", 4).fallback()).isFalse();
  }

  @Test
  void gpu_thatIsNotThere_refusesToStart() {
    for (String wanted : new String[] {"gpu", "gpu:0", "gpu:3"}) {
      CommandFailure failure =
          catchThrowableOfType(
              CommandFailure.class, () -> DeviceChoice.of(wanted, 0, "libtorch", 2));
      assertThat(failure.code()).isEqualTo(ExitCode.NOT_FITTING);
      assertThat(failure).hasMessageContaining(wanted + ": wanted CUDA, found none");
    }
  }
}
