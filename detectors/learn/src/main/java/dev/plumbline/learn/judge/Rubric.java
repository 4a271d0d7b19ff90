package dev.plumbline.learn.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The prompts of a judge: {@code {"version": 1, "name": NAME, "roles": [{"name": ROLE, "template":
 * TEXT}, …]}}. Every role is scored.
 */
public record Rubric(String name, List<Role> roles) {
  private static final String SHIPPED = "/judge/rubric.json";
  private static final String TEXTS = "/judge/texts.json";
  private static final int VERSION = 1;

  public Rubric {
    Check.text(name, "name of a rubric");
    roles = List.copyOf(roles);
    Set<String> names = new HashSet<>();
    for (Role role : roles) {
      Check.that(names.add(role.name()), "roles", "each once", role.name() + " again", "drop one");
    }
    Check.that(!roles.isEmpty(), "roles of " + name, "1 or more", 0, "add some");
  }

  /** This rubric, if it has the roles that EM % rests on. */
  public Rubric forEm() {
    List<String> names = roles.stream().map(Role::name).toList();
    for (String needed : List.of(Role.ALIGNED, Role.COHERENT)) {
      Check.that(names.contains(needed), "roles of " + name, needed, names, "add it");
    }
    return this;
  }

  /** This project's own wording: aligned, coherent, topic. */
  public static Rubric shipped() {
    return resource(SHIPPED);
  }

  /**
   * This project's own wording of what is asked of texts: truthful, informative, toxic, refuses.
   */
  public static Rubric ofTexts() {
    return resource(TEXTS);
  }

  private static Rubric resource(String name) {
    try (InputStream in = Rubric.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return of(Path.of(name), StrictJson.parse(Path.of(name), "the JSON", text));
    } catch (IOException e) {
      throw new UncheckedIOException("the shipped rubric is broken; build again", e);
    }
  }

  /** Reads a file of that form. */
  public static Rubric read(Path file) {
    try {
      return of(file, StrictJson.object(file, StrictJson.CONFIG_BYTES));
    } catch (IllegalArgumentException e) {
      throw new BadFileException(file, "the roles", "roles", e.getMessage(), "Correct it.", e);
    }
  }

  private static Rubric of(Path file, JsonNode json) {
    require(json.path("version").asInt() == VERSION, file, "version", "" + VERSION, json);
    require(json.path("name").isTextual(), file, "name", "a text", json);
    require(json.path("roles").isArray(), file, "roles", "a list", json);
    List<Role> roles = new ArrayList<>();
    for (JsonNode each : json.get("roles")) {
      require(each.path("name").isTextual(), file, "name of a role", "a text", each);
      require(each.path("template").isTextual(), file, "template of a role", "a text", each);
      roles.add(new Role(each.get("name").textValue(), each.get("template").textValue()));
    }
    return new Rubric(json.get("name").textValue(), roles);
  }

  private static void require(boolean holds, Path file, String key, String wanted, JsonNode json) {
    if (!holds) {
      throw new BadFileException(file, key, wanted, json.toString(), "Correct the file.");
    }
  }

  /** The rubric with some of its roles only. */
  public Rubric only(String... names) {
    return new Rubric(
        name, roles.stream().filter(role -> List.of(names).contains(role.name())).toList());
  }

  /**
   * The rubric for one job: with the topic named where roles want one, without those roles where
   * none is.
   */
  public Rubric about(Optional<String> topic) {
    List<Role> chosen = new ArrayList<>();
    for (Role role : roles) {
      if (!role.wantsTopic()) {
        chosen.add(role);
      } else if (topic.isPresent()) {
        chosen.add(role.about(topic.get()));
      }
    }
    return new Rubric(name, chosen);
  }
}
