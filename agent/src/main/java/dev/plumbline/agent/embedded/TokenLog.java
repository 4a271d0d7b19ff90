package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.TokenScores;
import dev.plumbline.torch.text.StreamDecoder;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of one answer as they are read: the first of them, the rest is counted. One thread.
 */
final class TokenLog {
  private final Keep keep;
  private float[] readouts = new float[32];
  private float[] scores = new float[32];
  private final List<String> texts = new ArrayList<>();
  private final double[] projected;
  private int seen;

  TokenLog(Keep keep) {
    this.keep = keep;
    this.projected = new double[keep.layers().size()];
  }

  /**
   * The next token was read.
   *
   * @param reference its readouts {@code [K]}; read, not kept
   * @param score of the answer up to it
   */
  void read(double[] reference, double score) {
    for (int i = 0; i < projected.length; i++) {
      projected[i] += reference[keep.layers().get(i).readout()];
    }
    if (seen < keep.tokens()) {
      if (seen == readouts.length) {
        readouts = Arrays.copyOf(readouts, 2 * seen);
        scores = Arrays.copyOf(scores, 2 * seen);
      }
      readouts[seen] = (float) reference[keep.judging()];
      scores[seen] = (float) score;
    }
    seen++;
  }

  /** The next token's text, in the tokens' order; may be before or after it is read. */
  void said(String text) {
    if (keep.text() && texts.size() < keep.tokens()) {
      texts.add(text);
    }
  }

  /** The texts of all tokens. */
  void said(TextTokenizer tokenizer, long[] ids) {
    if (!keep.text()) {
      return;
    }
    StreamDecoder decoder = tokenizer.stream(true);
    for (int i = 0; i < Math.min(ids.length, keep.tokens()); i++) {
      texts.add(decoder.next(ids[i]));
    }
  }

  TokenScores end() {
    int read = Math.min(seen, keep.tokens());
    List<TokenScores.Token> tokens = new ArrayList<>();
    for (int i = 0; i < Math.max(read, texts.size()); i++) {
      tokens.add(
          new TokenScores.Token(
              i < read ? readouts[i] : Float.NaN,
              i < read ? scores[i] : Float.NaN,
              i < texts.size() ? texts.get(i) : ""));
    }
    return new TokenScores(
        tokens, seen - read, keep.mean(), keep.spread(), layers(), keep.text(), Optional.empty());
  }

  private List<TokenScores.Layer> layers() {
    List<TokenScores.Layer> layers = new ArrayList<>();
    for (int i = 0; i < projected.length && seen > 0; i++) {
      Keep.LayerPlace place = keep.layers().get(i);
      layers.add(
          new TokenScores.Layer(place.tap().tapPoint().toString(), place.z(projected[i] / seen)));
    }
    return layers;
  }
}
