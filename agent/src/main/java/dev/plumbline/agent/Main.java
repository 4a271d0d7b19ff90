package dev.plumbline.agent;

import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.ports.JsonBounds;

/** The {@code plumbline} command. */
public final class Main {
  private static final String ALLOCATOR = "io.netty.allocator.type";

  private Main() {}

  public static void main(String[] args) {
    JsonBounds.install();
    if (System.getProperty(ALLOCATOR) == null) {
      System.setProperty(ALLOCATOR, "pooled");
    }
    System.exit(PlumblineCommand.create(Assembly.standard(), System.getenv()).execute(args));
  }
}
