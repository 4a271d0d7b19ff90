package dev.plumbline.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Key;
import dev.plumbline.agent.config.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  @TempDir private java.nio.file.Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private AgentConfig launched;

  @Test
  void serve_flags_becomeTheConfiguration() {
    int status =
        run(
            "serve",
            "--model",
            dir.toString(),
            "--adapter",
            "a=" + dir,
            "--port",
            "0",
            "--mode",
            "annotate",
            "--set",
            "scoring.queue=9");
    assertThat(status).isZero();
    assertThat(launched.engine().adapters()).containsOnlyKeys("a");
    assertThat(launched.modes().configured()).isEqualTo(Mode.ANNOTATE);
    assertThat(launched.limits().scoringQueue()).isEqualTo(9);
    assertThat(out.toString()).contains("http://127.0.0.1:11/v1").contains("ready");
  }

  @Test
  void record_isServeThatKeepsAFile() {
    String file = dir.resolve("x.jsonl").toString();
    String[] arguments = {
      "record", "--origin", "http://127.0.0.1:1", "--out", file, "--text", "--", "--port", "0"
    };
    assertThat(run(arguments)).isZero();
    assertThat(launched.recording().orElseThrow().file()).hasToString(file);
    assertThat(launched.recording().orElseThrow().text()).isTrue();
    assertThat(launched.inference().port()).isZero();
  }

  @Test
  void serve_json_isOneLineWhenReady() {
    assertThat(run("serve", "--organism", "--json")).isZero();
    assertThat(out.toString().strip())
        .matches("\\{\"port\":11,\"adminPort\":12,\"ready\":true,\"ready_after_s\":[0-9.]+}");
  }

  @Test
  void serve_wrongConfiguration_isUsageWithEveryMistake() {
    assertThat(run("serve", "--port", "x", "--mode", "y")).isEqualTo(2);
    assertThat(err.toString())
        .contains("port (flags)")
        .contains("mode (flags)")
        .doesNotContain("\tat ");
    assertThat(run("serve", "--wat")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void failures_haveTheirOwnStatus() {
    assertThat(fail(ExitCode.NOT_FITTING)).isEqualTo(3);
    assertThat(fail(ExitCode.BOUND_MISSED)).isEqualTo(4);
    assertThat(fail(ExitCode.FAILED)).isEqualTo(1);
    assertThat(err.toString()).contains("plumbline: scripted").doesNotContain("\tat ");
  }

  @Test
  void help_hasExamplesAndExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Examples:").contains("Exit codes:").contains("serve");
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.toString()).contains("plumbline serve --origin");
    for (Key key : Key.values()) {
      assertThat(out.toString()).contains(" " + key.key());
    }
    assertThat(out.toString()).contains("* mode (observe)", "  port (8080)");
  }

  private int fail(ExitCode code) {
    return execute(
        config -> {
          throw new CommandFailure(code, "scripted", null);
        },
        "serve",
        "--organism");
  }

  private int run(String... args) {
    return execute(
        config -> {
          launched = config;
          return new Done();
        },
        args);
  }

  private int execute(Launcher launcher, String... args) {
    CommandLine line = PlumblineCommand.create(launcher, Map.of());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(args);
  }

  private static final class Done implements Launcher.Running {
    @Override
    public int port() {
      return 11;
    }

    @Override
    public int adminPort() {
      return 12;
    }

    @Override
    public void awaitReady() {
      // At once.
    }

    @Override
    public void awaitStop() {
      // At once.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
