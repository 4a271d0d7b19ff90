package dev.plumbline.learn.job;

import dev.plumbline.core.Check;

/**
 * One thing a job is going to do, for {@code --dry-run}.
 *
 * @param name short, such as the stage's name
 * @param detail what with and how much of it
 */
public record Step(String name, String detail) {
  public Step {
    Check.text(name, "name of a step");
    Check.text(detail, "detail of step " + name);
  }
}
