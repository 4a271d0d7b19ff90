package dev.plumbline.core.spi;

/**
 * A command that plugs into the launcher: an object annotated for picocli. Found by ServiceLoader.
 */
public interface Subcommand {
  Object command();
}
