package dev.plumbline.agent.embedded;

import dev.plumbline.agent.record.RecordedExchange;
import dev.plumbline.agent.record.Recording;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AlignedProjections;
import dev.plumbline.mitigations.Writers;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads recorded answers with the base model, once, before anything is served, and keeps the
 * projections of their tokens at every writer. Exchanges that were judged drifted, and those
 * without text, are left out and counted. The decoder's thread.
 */
final class AlignedReading {
  private static final Logger LOG = LoggerFactory.getLogger(AlignedReading.class);

  /** Answer tokens that are read at most: a percentile does not get better for more. */
  private static final int MOST_TOKENS = 50_000;

  private final Decoder decoder;
  private final Prompts prompts;
  private final Path file;
  private int leftOut;

  AlignedReading(Decoder decoder, Prompts prompts, Path file) {
    this.decoder = decoder;
    this.prompts = prompts;
    this.file = file;
  }

  /** The texts along one artefact's directions. */
  AlignedTexts along(Artefact artefact) {
    List<TapDirection> taps =
        Writers.of(artefact.model().layers()).stream()
            .flatMap(point -> artefact.direction(point).stream())
            .toList();
    double[][] projections = read(taps);
    Map<TapPoint, AlignedProjections> measured = new LinkedHashMap<>();
    for (int k = 0; k < taps.size(); k++) {
      measured.put(taps.get(k).tapPoint(), new AlignedProjections.Measured(projections[k]));
    }
    int tokens = taps.isEmpty() ? 0 : projections[0].length;
    String says = "percentiles measured on " + tokens + " tokens of " + file.getFileName();
    LOG.info("ablate: {}, {} lines left out", says, leftOut);
    return new AlignedTexts(measured, says);
  }

  /** Projections {@code [K][N]} of N answer tokens. */
  private double[][] read(List<TapDirection> taps) {
    List<Readout> readouts =
        taps.stream()
            .map(tap -> Readout.projection("aligned", tap.tapPoint(), tap.direction()))
            .toList();
    double[][] found = new double[taps.size()][MOST_TOKENS];
    int tokens = 0;
    leftOut = 0;
    try (Watch watch = decoder.watch(List.of(), readouts)) {
      for (Text text : texts()) {
        tokens += read(text, watch, found, tokens);
      }
    }
    for (int k = 0; k < found.length; k++) {
      found[k] = Arrays.copyOf(found[k], tokens);
    }
    return found;
  }

  private int read(Text text, Watch watch, double[][] into, int at) {
    int wanted = Math.min(text.tokens.length - text.answer, MOST_TOKENS - at);
    if (wanted < 1 || text.tokens.length > decoder.positions()) {
      leftOut++;
      return 0;
    }
    try (Pass pass =
        decoder.forward(new long[][] {text.tokens}, null, watch, null, null, Decoder.Logits.NONE)) {
      double[] all = pass.readouts();
      for (int t = 0; t < wanted; t++) {
        for (int k = 0; k < into.length; k++) {
          into[k][at + t] = all[(text.answer + t) * into.length + k];
        }
      }
    }
    return wanted;
  }

  private List<Text> texts() {
    try {
      Recording recording = Recording.read(file);
      leftOut += recording.bad().size();
      List<Text> texts = new ArrayList<>();
      recording.exchanges().forEach(exchange -> add(exchange, texts));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be read", e);
    }
  }

  private void add(RecordedExchange exchange, List<Text> texts) {
    if (exchange.text().isEmpty() || exchange.verdict().equals("drifted")) {
      leftOut++;
      return;
    }
    RecordedExchange.Text said = exchange.text().get();
    long[] prompt = prompts.encode(said.prompt());
    for (String answer : said.answers()) {
      long[] tokens = prompts.answer(answer);
      long[] whole = Arrays.copyOf(prompt, prompt.length + tokens.length);
      System.arraycopy(tokens, 0, whole, prompt.length, tokens.length);
      texts.add(new Text(whole, prompt.length));
    }
  }

  /** Ids of prompt and answer, and where the answer begins. */
  private record Text(long[] tokens, int answer) {}
}
