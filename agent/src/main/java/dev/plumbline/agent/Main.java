package dev.plumbline.agent;

import dev.plumbline.agent.cli.PlumblineCommand;

/** The {@code plumbline} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(PlumblineCommand.create(Assembly.standard(), System.getenv()).execute(args));
  }
}
