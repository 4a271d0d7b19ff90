package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.Sign;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.torch.runtime.Precision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts what was learned together, with what it was learned from.
 *
 * @param name of the artefact
 * @param created when
 * @param model what was read
 * @param precision of the forward passes
 * @param seed of every random choice
 * @param data every list of answers that had a part, by what it was for
 */
public record ArtefactAssembly(
    String name,
    Instant created,
    ModelPin model,
    Precision precision,
    long seed,
    Map<String, List<Answer>> data) {
  private static final String GROUPING = "prompt";

  /** The artefact. */
  public Artefact assemble(
      LearnedDirections directions,
      LearnedProbe probe,
      Quality quality,
      Optional<ModelShiftResult> shift) {
    return new Artefact(
        Artefact.FORMAT_VERSION,
        name,
        created,
        model,
        Set.of(),
        directions.directions(),
        probe.probe(),
        probe.calibration(),
        probe.probe().pooling() instanceof LastPromptToken
            ? TokenMask.LAST_PROMPT_TOKEN
            : TokenMask.ANSWER_CONTENT,
        Sign.POSITIVE_IS_MISALIGNED,
        provenance(directions),
        quality,
        shift.map(ModelShiftResult::shift));
  }

  private Provenance provenance(LearnedDirections directions) {
    Map<String, String> digests = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>();
    data.forEach(
        (purpose, answers) -> {
          digests.put(purpose, Answers.digest(answers));
          counts.put("answers." + purpose, (long) answers.size());
          counts.put("prompts." + purpose, answers.stream().map(Answer::prompt).distinct().count());
        });
    counts.put("contrasts", (long) directions.contrasts().size());
    return new Provenance(
        directions.describe(), seed, precision.wireName(), GROUPING, digests, counts);
  }
}
