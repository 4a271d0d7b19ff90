package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * By libraries made here with the driver's calls, since the driver's own want a GPU: device 0 is
 * NVML's second, at 37 %; device 1 is a share of one; device 2 is none.
 */
class DeviceUtilisationTest {
  private static final String CUDA =
      """
      #include <string.h>
      int cuInit(unsigned f) { return 0; }
      int cuDeviceGet(int *d, int n) { if (n > 1) return 101; *d = n + 70; return 0; }
      int cuDeviceGetPCIBusId(char *id, int len, int d) {
        strncpy(id, d == 70 ? "0000:41:00.0" : "0000:81:00.0", len); return 0; }
      """;
  private static final String NVML =
      """
      #include <string.h>
      struct rates { unsigned gpu; unsigned memory; };
      static int asked;
      int nvmlInit_v2(void) { asked = 1; return 0; }
      int nvmlDeviceGetHandleByPciBusId_v2(const char *id, void **d) {
        if (!asked) return 1;
        *d = !strcmp(id, "0000:41:00.0") ? (void *) 5 : !strcmp(id, "0000:81:00.0") ? (void *) 6 : 0;
        return *d ? 0 : 6; }
      int nvmlDeviceGetUtilizationRates(void *d, struct rates *r) {
        if (d != (void *) 5) return 3;
        r->gpu = 37; r->memory = 12; return 0; }
      """;

  @TempDir private Path dir;

  private String library(String name, String source) throws Exception {
    Path code = Files.writeString(dir.resolve(name + ".c"), source);
    Path made = dir.resolve("lib" + name + ".so.1");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder("cc", "-shared", "-fPIC", "-o", made.toString(), code.toString())
              .inheritIO()
              .start();
    } catch (java.io.IOException none) {
      assumeTrue(false, "wanted a C compiler (cc) for a driver without a GPU, found none");
      throw none;
    }
    assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(compiler.exitValue()).isZero();
    return made.toString();
  }

  @Test
  void now_ofADriverThatTells_isTheShareOfTheSameDevice() throws Exception {
    DeviceUtilisation driver =
        DeviceUtilisation.load(library("cuda", CUDA), library("nvidia-ml", NVML));
    assertThat(driver.now(0).share()).hasValue(0.37);
    assertThat(driver.now(0).why()).isEmpty();
    assertThat(driver.now(1).share()).isEmpty();
    assertThat(driver.now(1).why()).contains("NVML said 3", "MIG");
    assertThat(driver.now(2).why()).contains("CUDA said 101 of device 2");
  }

  @Test
  void now_ofADriverThatIsNotThere_orLacksACall_isEmptyAndSaysWhy() throws Exception {
    DeviceUtilisation none = DeviceUtilisation.load("libnone.so.1", "libnone.so.1");
    assertThat(none.now(0).share()).isEmpty();
    assertThat(none.now(0).why()).contains("cannot be used", "libnone.so.1");
    String cuda = library("cuda", CUDA);
    DeviceUtilisation other = DeviceUtilisation.load(cuda, cuda);
    assertThat(other.now(0).why()).contains("cannot be used", "nvmlInit_v2");
  }

  @Test
  void of_theCpu_isNotTold() {
    assertThat(DeviceUtilisation.of(Device.cpu()).why()).contains("no GPU");
  }
}
