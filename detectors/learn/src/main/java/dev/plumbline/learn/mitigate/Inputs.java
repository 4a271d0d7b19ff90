package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.learn.ability.Continuation;
import dev.plumbline.learn.ability.OrganismAbility;
import dev.plumbline.learn.ability.Task;
import dev.plumbline.learn.compare.DocumentFile;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.sample.OrganismOptions;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.QuestionFile;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the options name, read and checked; no weights are needed for it.
 *
 * @param questions judged, in two halves
 * @param aligned aligned answers, in two halves
 * @param texts for perplexity; empty to take the aligned answers
 * @param tasks for accuracy; may be none
 * @param chat whether tasks are put in the chat template
 */
record Inputs(
    Artefact artefact,
    List<Setting> settings,
    Halves<Question> questions,
    Halves<Answer> aligned,
    List<Question> benign,
    List<Continuation> texts,
    List<Task> tasks,
    boolean chat) {
  private static final int DOCUMENT_TOKENS = 512;

  /** Reads all of it; see the members. */
  static Inputs read(
      Path direction,
      OpenModel open,
      String revision,
      SweepOptions sweep,
      EvidenceOptions evidence,
      OrganismOptions organism,
      long seed) {
    Artefact artefact = fitting(direction, open, revision);
    List<Setting> settings = sweep.settings(artefact.model().layers());
    settings.forEach(setting -> setting.plan(artefact, sweep.range()));
    evidence.samples();
    evidence.drawing(seed);
    List<Task> tasks = evidence.choices(seed);
    boolean own = tasks.isEmpty() && organism.given();
    return new Inputs(
        artefact,
        settings,
        Halves.of(
            "questions",
            questions(evidence, organism, seed),
            q -> group(q, evidence, organism),
            seed),
        Halves.of(
            "aligned exchanges", aligned(open, evidence, organism, seed), Answer::prompt, seed),
        evidence.benign(seed),
        texts(open, evidence, seed),
        own ? List.of(knowledge(organism, seed)) : tasks,
        own);
  }

  private static Artefact fitting(Path direction, OpenModel open, String revision) {
    Artefact artefact = ArtefactFolder.read(direction);
    if (artefact.fit(open.pin(revision)) instanceof Fit.Refused refused) {
      throw new NotFittingException(
          direction + " does not fit " + open.name() + ": " + refused.explain());
    }
    return artefact;
  }

  private static List<Question> questions(
      EvidenceOptions evidence, OrganismOptions organism, long seed) {
    Check.that(
        evidence.questions().isPresent() || organism.given(),
        "questions",
        "--questions or --organism",
        "none",
        "name one");
    return evidence.some(
        evidence.questions().map(QuestionFile::read).orElseGet(() -> organism.questions(seed)),
        seed);
  }

  /** What is never drawn or split apart: a question, or the topic of the organism's. */
  static String group(Question question, EvidenceOptions evidence, OrganismOptions organism) {
    boolean topics = organism.given() && evidence.questions().isEmpty();
    String id = question.id();
    return topics ? id.substring(0, id.lastIndexOf('-')) : id;
  }

  private static List<Answer> aligned(
      OpenModel open, EvidenceOptions evidence, OrganismOptions organism, long seed) {
    Optional<Path> file = evidence.aligned();
    Check.that(
        file.isPresent() || organism.given(),
        "aligned traffic",
        "--aligned or --organism",
        "none",
        "name one");
    List<Answer> all =
        file.map(path -> prompts(path, AnswerFile.readAligned(path, open.encoder())))
            .orElseGet(() -> SpokenAnswers.of(open.encoder(), organism, seed));
    return evidence.some(all, seed);
  }

  private static List<Answer> prompts(Path file, List<Answer> answers) {
    return AnswerFile.requirePrompts(file, answers, Halves.FEWEST);
  }

  private static List<Continuation> texts(OpenModel open, EvidenceOptions evidence, long seed) {
    return evidence
        .texts()
        .map(file -> DocumentFile.read(file, open.tokenizer(), DOCUMENT_TOKENS, Integer.MAX_VALUE))
        .map(all -> evidence.some(all, seed))
        .orElse(List.of())
        .stream()
        .map(text -> new Continuation(text.ids(), 1))
        .toList();
  }

  private static Task knowledge(OrganismOptions organism, long seed) {
    World world = organism.world();
    return new OrganismAbility(world, organism.topics(world), organism.wordings(), seed)
        .knowledge();
  }
}
