package dev.plumbline.learn.direction.text;

import dev.plumbline.learn.direction.logistic.SparseDesign;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as counts of words and of pairs of neighbouring words, weighted by TF-IDF (Spärck Jones
 * 1972) in the usual smooth form: {@code count · (ln((1+n)/(1+df)) + 1)}, rows of length 1.
 *
 * <p>Terms are numbered over all texts, which says nothing of them; n and df come from the training
 * rows of each call, and a term that fewer than two of those have counts for nothing. Immutable.
 */
final class Documents {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}<>_']+");
  private static final int FEWEST = 2;

  private final int[][] terms;
  private final int[][] counts;
  private final int vocabulary;

  Documents(List<String> texts) {
    Map<String, Integer> numbers = new HashMap<>();
    terms = new int[texts.size()][];
    counts = new int[texts.size()][];
    for (int row = 0; row < terms.length; row++) {
      Map<Integer, Integer> own = count(texts.get(row), numbers);
      terms[row] = own.keySet().stream().mapToInt(term -> term).toArray();
      counts[row] = own.values().stream().mapToInt(count -> count).toArray();
    }
    vocabulary = numbers.size();
  }

  private static Map<Integer, Integer> count(String text, Map<String, Integer> numbers) {
    Map<Integer, Integer> own = new TreeMap<>();
    String before = null;
    for (Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT)); word.find(); ) {
      own.merge(number(word.group(), numbers), 1, Integer::sum);
      if (before != null) {
        own.merge(number(before + " " + word.group(), numbers), 1, Integer::sum);
      }
      before = word.group();
    }
    return own;
  }

  private static int number(String term, Map<String, Integer> numbers) {
    Integer known = numbers.putIfAbsent(term, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /** The vectors of some rows, weighted by what the training rows know. */
  SparseDesign vectors(int[] training, int[] rows) {
    double[] weights = inverseFrequencies(training);
    int[][] indices = new int[rows.length][];
    double[][] values = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      indices[i] = terms[rows[i]];
      values[i] = new double[indices[i].length];
      for (int k = 0; k < values[i].length; k++) {
        values[i][k] = counts[rows[i]][k] * weights[indices[i][k]];
      }
      normalise(values[i]);
    }
    return new SparseDesign(indices, values, vocabulary);
  }

  private double[] inverseFrequencies(int[] training) {
    int[] frequencies = new int[vocabulary];
    for (int row : training) {
      for (int term : terms[row]) {
        frequencies[term]++;
      }
    }
    return Arrays.stream(frequencies)
        .mapToDouble(df -> df < FEWEST ? 0 : Math.log((1.0 + training.length) / (1 + df)) + 1)
        .toArray();
  }

  /** A row without a known term stays zero. */
  private static void normalise(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    for (int i = 0; i < values.length && squares > 0; i++) {
      values[i] /= Math.sqrt(squares);
    }
  }
}
