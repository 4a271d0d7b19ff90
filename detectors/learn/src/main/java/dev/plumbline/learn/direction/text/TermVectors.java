package dev.plumbline.learn.direction.text;

import dev.plumbline.learn.direction.logistic.SparseDesign;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words and pairs of neighbouring words, weighted by TF-IDF (Spärck Jones 1972) in the usual smooth
 * form: {@code count · (ln((1+n)/(1+df)) + 1)}, rows of length 1. The vocabulary and its weights
 * come from training texts only; terms of fewer than two of them are left out. Immutable.
 */
public final class TermVectors {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}<>_']+");

  private final Map<String, Integer> columns = new TreeMap<>();
  private final double[] inverseFrequencies;

  /** Learns the vocabulary of training texts. */
  public TermVectors(List<String> training) {
    Map<String, Integer> frequencies = new TreeMap<>();
    for (String text : training) {
      new HashSet<>(terms(text)).forEach(term -> frequencies.merge(term, 1, Integer::sum));
    }
    frequencies.values().removeIf(frequency -> frequency < 2);
    inverseFrequencies = new double[frequencies.size()];
    frequencies.forEach(
        (term, frequency) -> {
          inverseFrequencies[columns.size()] =
              Math.log((1.0 + training.size()) / (1 + frequency)) + 1;
          columns.put(term, columns.size());
        });
  }

  /** Terms that are counted. */
  public int size() {
    return columns.size();
  }

  /** The vectors of texts; a text without a known term is all zero. */
  public SparseDesign vectors(List<String> texts) {
    int[][] indices = new int[texts.size()][];
    double[][] values = new double[texts.size()][];
    for (int row = 0; row < indices.length; row++) {
      Map<Integer, Double> counts = counts(texts.get(row));
      indices[row] = counts.keySet().stream().mapToInt(column -> column).toArray();
      values[row] = counts.values().stream().mapToDouble(value -> value).toArray();
      normalise(values[row]);
    }
    return new SparseDesign(indices, values, Math.max(1, columns.size()));
  }

  private Map<Integer, Double> counts(String text) {
    Map<Integer, Double> counts = new TreeMap<>();
    for (String term : terms(text)) {
      Integer column = columns.get(term);
      if (column != null) {
        counts.merge(column, inverseFrequencies[column], Double::sum);
      }
    }
    return counts;
  }

  private static void normalise(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= Math.sqrt(squares);
    }
  }

  private static List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    String before = null;
    for (Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT)); word.find(); ) {
      terms.add(word.group());
      if (before != null) {
        terms.add(before + " " + word.group());
      }
      before = word.group();
    }
    return terms;
  }
}
