package dev.plumbline.agent.tap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * A learned direction as it was when it was loaded, for a person.
 *
 * @param name it is configured by
 * @param role {@code judges}, {@code beside} or {@code control}
 * @param digest of its {@code direction.json}, which holds its tensors'
 * @param says that file without what only a program reads, its {@code warnings} added; not to be
 *     changed
 */
public record ArtefactCard(String name, String role, String digest, ObjectNode says) {
  public ArtefactCard {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(says, "says");
  }
}
