package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.ShuffledLabels;
import dev.plumbline.learn.data.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Labelled statements about one side of trustworthiness.
 *
 * @param name short, such as {@code reliability}
 * @param after the published dimension it stands for
 * @param meaning what label 1 says
 * @param statements two groups or more, both labels
 * @param marked whether special tokens in the texts are meant as such: for texts this project wrote
 *     itself
 */
public record Dimension(
    String name, String after, String meaning, List<Statement> statements, boolean marked) {
  public Dimension {
    Check.that(
        name.matches("[a-z0-9-]{1,40}"),
        "name of a dimension",
        "[a-z0-9-]+, at most 40",
        name,
        "rename it");
    statements = List.copyOf(statements);
    long ones = statements.stream().filter(Statement::label).count();
    Check.that(
        ones > 1 && statements.size() - ones > 1,
        "dimension " + name,
        "two statements or more of each label",
        ones + " of label 1 and " + (statements.size() - ones) + " of label 0",
        "add statements of both kinds");
    long groups = statements.stream().map(Dimension::group).distinct().count();
    Check.that(
        groups >= 4,
        "dimension " + name,
        "4 groups or more, to hold some out",
        groups,
        "add other questions or sentences, or name their groups in a column `group`");
  }

  /** {@code [N]}. */
  public boolean[] labels() {
    boolean[] labels = new boolean[statements.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = statements.get(i).label();
    }
    return labels;
  }

  /** The group of each statement {@code [N]}. */
  public List<String> groups() {
    return statements.stream().map(Dimension::group).toList();
  }

  /** What the file says, or what the text does. */
  private static String group(Statement statement) {
    return statement.group().orElseGet(() -> StatementGroups.of(statement.text()));
  }

  /** The texts {@code [N]}. */
  public List<String> texts() {
    return statements.stream().map(Statement::text).toList();
  }

  /** All groups, in order. */
  public List<String> distinctGroups() {
    return List.copyOf(new TreeSet<>(groups()));
  }

  /** What always saying the more frequent label gets right. */
  public double chance() {
    double ones = statements.stream().filter(Statement::label).count() / (double) statements.size();
    return Math.max(ones, 1 - ones);
  }

  /**
   * Labels that mean nothing, with the groups' make-up kept: groups that have both labels shuffle
   * inside, groups of one label swap it with each other. Anything less makes a null too easy to
   * beat where a whole group shares label and words.
   */
  public boolean[] shuffled(long seed) {
    boolean[] labels = ShuffledLabels.withinPrompts(labels(), groups(), seed);
    Map<String, Boolean> pure = pureGroups();
    List<String> names = List.copyOf(pure.keySet());
    List<Boolean> dealt = new ArrayList<>(pure.values());
    Collections.shuffle(dealt, new Random(seed));
    Map<String, Boolean> swapped = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      swapped.put(names.get(i), dealt.get(i));
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = swapped.getOrDefault(group(statements.get(i)), labels[i]);
    }
    return labels;
  }

  /** Groups of one label, and which. */
  private Map<String, Boolean> pureGroups() {
    Map<String, Boolean> pure = new TreeMap<>();
    TreeSet<String> mixed = new TreeSet<>();
    for (Statement statement : statements) {
      Boolean before = pure.putIfAbsent(group(statement), statement.label());
      if (before != null && before != statement.label()) {
        mixed.add(group(statement));
      }
    }
    mixed.forEach(pure::remove);
    return pure;
  }
}
