package dev.plumbline.torch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.torch.runtime.LibtorchVersion;
import dev.plumbline.torch.runtime.Precision;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void examine_thisMachine_judgesEachDeviceAndPrecision() {
    DoctorReport report = Doctor.examine();

    assertThat(report.version()).startsWith(LibtorchVersion.WANTED);
    assertThat(report.checks()).hasSize(2 + 3 * report.gpus());
    assertThat(report.checks()).allMatch(DoctorReport.Check::passed);
    assertThat(report.checks().get(0).relativeError()).isBetween(1e-9, 1e-6);
    assertThat(report.checks().get(1).relativeError()).isBetween(1e-4, 1e-2);
    assertThat(report.bandwidths()).hasSize(1 + report.gpus());
    assertThat(report.bandwidths().get(0).bytesPerSecond()).isGreaterThan(1e8);
    assertThat(report.table()).contains("libtorch").contains("parity cpu bfloat16");
    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.what()).isEqualTo("device memory");
              assertThat(finding.found()).contains(report.gpus() == 0 ? "no GPU" : "cuda:0");
            })
        .anySatisfy(
            finding -> {
              assertThat(finding.what()).isEqualTo("device utilisation");
              assertThat(finding.found()).contains(report.gpus() == 0 ? "no GPU" : "cuda:0");
            });
  }

  @Test
  void report_aDeviceThatComputesWrongly_isUnhealthyAndSaysWhatToDo() {
    DoctorReport.Check wrong = new DoctorReport.Check("cuda:0", Precision.FLOAT32, 0.5, 1e-5);
    DoctorReport report =
        DoctorReport.withoutEngine(
            new DoctorReport.Finding(wrong.passed(), "parity", "0.5", "do not serve"));

    assertThat(report.healthy()).isFalse();
    assertThat(report.table()).contains("BAD").contains("-> do not serve");
  }

  @Test
  void check_notANumber_doesNotPass() {
    assertThat(new DoctorReport.Check("cpu", Precision.FLOAT32, Double.NaN, 1e-5).passed())
        .isFalse();
  }
}
