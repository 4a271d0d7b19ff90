package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Labelled statements as answers to be read: raw text, no chat template (Qian et al. 2024). What
 * counts as the answer is the last token, or every token but the first, whose state is the same
 * whatever follows it.
 */
public final class StatementAnswers {
  private StatementAnswers() {}

  /**
   * One answer each, its prompt being the statement's grouping.
   *
   * @param name the model's name in the answers
   * @param lastToken read at the last token alone; else the mean over all but the first
   */
  public static List<Answer> of(
      List<Statement> statements, TextTokenizer tokenizer, String name, boolean lastToken) {
    return statements.stream()
        .map(each -> answer(each, tokenizer.encode(each.text(), true), name, lastToken))
        .toList();
  }

  private static Answer answer(Statement statement, long[] ids, String name, boolean lastToken) {
    Check.that(
        ids.length > 1,
        "statement at line " + statement.line(),
        "2 or more tokens",
        ids.length,
        "drop it");
    int start = lastToken ? ids.length - 1 : 1;
    return new Answer(
        statement.grouping(),
        Arrays.copyOf(ids, start),
        Arrays.copyOfRange(ids, start, ids.length),
        Optional.of(statement.label()),
        "",
        statement.text(),
        name);
  }
}
