package dev.plumbline.learn.shards;

import dev.plumbline.learn.direction.cli.LearnCommand;
import picocli.CommandLine;

/** {@code plumbline learn} in a process of its own. */
final class MemberMain {
  private MemberMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LearnCommand()).execute(arguments));
  }
}
