package dev.plumbline.core.spi;

/**
 * A command that plugs into {@code plumbline}. Found with {@link java.util.ServiceLoader}; a module
 * that is not on the class path has no commands.
 */
public interface Subcommand {
  /**
   * A new command object: annotated with picocli's {@code @Command} and callable for its exit
   * status. An object, so that this module needs no command line library.
   */
  Object command();
}
