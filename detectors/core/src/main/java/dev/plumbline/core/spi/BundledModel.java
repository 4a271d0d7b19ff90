package dev.plumbline.core.spi;

import java.nio.file.Path;

/**
 * A model that ships inside a build. Found by ServiceLoader.
 *
 * <p>Its folder holds {@code chat/} (a Hugging Face folder), {@code adapters/NAME/} (PEFT) and
 * {@code directions/NAME.direction/}.
 */
public interface BundledModel {
  /** The name on the command line, such as {@code organism}. */
  String name();

  /** Its folder on disk, unpacked where it was not yet; checked against its digests. */
  Path folder();
}
