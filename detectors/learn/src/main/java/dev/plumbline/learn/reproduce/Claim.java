package dev.plumbline.learn.reproduce;

import dev.plumbline.core.Check;

/**
 * What a paper says, and what would be seen if it held here. Written down before it is measured.
 *
 * @param id fixed name in {@code --json}
 * @param paper arXiv number
 * @param statement of the paper
 * @param command that measures the same on any model
 * @param figure what our figure is
 * @param control what stands beside it
 * @param rule when figure and control agree with the statement
 */
public record Claim(
    String id,
    String paper,
    String statement,
    String command,
    String figure,
    String control,
    String rule) {
  public Claim {
    Check.text(id, "id of a claim");
    Check.text(paper, "paper of claim " + id);
    Check.text(statement, "statement of claim " + id);
    Check.text(command, "command of claim " + id);
    Check.text(figure, "figure of claim " + id);
    Check.text(control, "control of claim " + id);
    Check.text(rule, "rule of claim " + id);
  }
}
