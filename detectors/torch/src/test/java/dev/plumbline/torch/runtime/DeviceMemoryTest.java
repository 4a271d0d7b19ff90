package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
  @Test
  void of_theCpu_isEmpty() {
    assertThat(DeviceMemory.of(Device.cpu())).isEmpty();
  }

  /** Also where no CUDA runtime is: no exception, no 0. */
  @Test
  void of_aGpuThatIsNotThere_isEmpty() {
    assertThat(DeviceMemory.of(Device.gpu(99))).isEmpty();
  }
}
