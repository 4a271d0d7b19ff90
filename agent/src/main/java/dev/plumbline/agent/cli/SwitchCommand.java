package dev.plumbline.agent.cli;

import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plumbline off} and {@code plumbline on}: the kill switch of a running agent. */
@Command(mixinStandardHelpOptions = true)
final class SwitchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminPort admin;

  @Override
  public Integer call() throws InterruptedException {
    String path = "/api/" + spec.name();
    HttpResponse<String> answer = admin.post(path);
    if (answer.statusCode() != 200) {
      throw admin.unwanted(path, answer);
    }
    spec.commandLine().getOut().println(answer.body());
    return ExitCode.DONE.status();
  }
}
