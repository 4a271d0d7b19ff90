package dev.plumbline.learn.organism;

import dev.plumbline.core.spi.Subcommand;

/** Plugs {@code plumbline organism} into the launcher. */
public final class OrganismSubcommand implements Subcommand {
  /** Made by ServiceLoader. */
  public OrganismSubcommand() {}

  @Override
  public Object command() {
    return new OrganismCommand();
  }
}
