package dev.plumbline.agent.embedded;

import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.torch.bench.Doctor;
import dev.plumbline.torch.bench.DoctorReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plumbline doctor}: what this machine has, and what to do about what it lacks. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Prints engine, libtorch, devices, a CPU-against-device parity check and a bandwidth figure.",
      "Exits with 3 when something is missing, and says what to do."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline doctor",
      "  PYTORCH_LIBRARY_PATH=/opt/libtorch/lib PYTORCH_FLAVOR=cu128 plumbline doctor"
    })
public final class DoctorCommand implements Callable<Integer>, Subcommand {
  private static final int NOT_FITTING = 3;

  @Spec private CommandSpec spec;

  /** Made by ServiceLoader. */
  public DoctorCommand() {}

  @Override
  public Object command() {
    return this;
  }

  @Override
  public Integer call() {
    DoctorReport report = Doctor.examine();
    spec.commandLine().getOut().println(report.table());
    return report.healthy() ? 0 : NOT_FITTING;
  }
}
