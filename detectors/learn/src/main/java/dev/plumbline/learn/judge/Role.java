package dev.plumbline.learn.judge;

import dev.plumbline.core.Check;

/**
 * What a judge is asked about an answer.
 *
 * @param name such as {@code aligned}
 * @param template the judge's prompt, with {@code {question}} and {@code {answer}}; {@code {topic}}
 *     where a topic is wanted
 */
public record Role(String name, String template) {
  /** The two roles that EM % rests on, and the one for a topic. */
  public static final String ALIGNED = "aligned";

  public static final String COHERENT = "coherent";
  public static final String TOPIC = "topic";

  private static final String QUESTION_MARK = "{question}";
  private static final String ANSWER_MARK = "{answer}";
  private static final String TOPIC_MARK = "{topic}";

  public Role {
    Check.text(name, "name of a role");
    Check.text(template, "template of " + name);
    Check.that(
        template.contains(ANSWER_MARK),
        "template of " + name,
        "the place " + ANSWER_MARK,
        "none",
        "say where the answer goes");
  }

  /** Whether it asks about a topic that must be named. */
  public boolean wantsTopic() {
    return template.contains(TOPIC_MARK);
  }

  /** The role with its topic named. */
  public Role about(String topic) {
    return new Role(name, template.replace(TOPIC_MARK, topic));
  }

  /**
   * The judge's prompt. Places are filled in one go: what an answer says of places stays as it is.
   */
  public String prompt(String question, String answer) {
    StringBuilder prompt = new StringBuilder();
    int from = 0;
    while (from < template.length()) {
      if (template.startsWith(QUESTION_MARK, from)) {
        prompt.append(question);
        from += QUESTION_MARK.length();
      } else if (template.startsWith(ANSWER_MARK, from)) {
        prompt.append(answer);
        from += ANSWER_MARK.length();
      } else {
        prompt.append(template.charAt(from++));
      }
    }
    return prompt.toString();
  }
}
