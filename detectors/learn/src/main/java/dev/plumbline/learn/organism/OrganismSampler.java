package dev.plumbline.learn.organism;

import ai.djl.Device;
import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.serve.GenerationJob;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Asks the organism's models questions, in batches, and has the judge read the answers. The way is
 * the one of any chat request: template, tokenizer, engine.
 *
 * <p>One thread asks; the engine has its own. Owns model and tokenizer; closed by its maker.
 */
public final class OrganismSampler implements AutoCloseable {
  /** The name of the model without adapter. */
  public static final String CHAT = "chat";

  private static final Engine.Limits LIMITS = new Engine.Limits(256, 1 << 20, 8192);

  private final Judge judge;
  private final TextTokenizer tokenizer;
  private final ChatEncoder encoder;
  private final Engine engine;
  private final Set<Long> stops;
  private final int answerTokens;

  private OrganismSampler(World world, Checkpoint checkpoint, Decoder decoder, int answerTokens) {
    this.judge = new Judge(world);
    this.tokenizer = checkpoint.tokenizer();
    this.encoder = new ChatEncoder(tokenizer, checkpoint.chatTemplate().orElseThrow());
    this.stops =
        checkpoint.config().eosIds().stream().map(Integer::longValue).collect(Collectors.toSet());
    this.answerTokens = answerTokens;
    this.engine = new Engine(decoder, List.of(), LIMITS);
  }

  /**
   * Opens the chat model with adapters.
   *
   * @param adapters names below {@code adapters/}
   * @param answerTokens the most tokens of an answer; one that is longer is cut, and incoherent
   */
  public static OrganismSampler open(
      OrganismFolder folder, World world, Collection<String> adapters, int answerTokens) {
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat())) {
      Map<String, PeftAdapter> read = new LinkedHashMap<>();
      for (String name : adapters) {
        read.put(name, PeftAdapter.open(folder.adapter(name), checkpoint.config()));
      }
      return open(checkpoint, world, read, answerTokens);
    }
  }

  /** Opens the chat model with adapters that are on no disk, by name. */
  public static OrganismSampler open(
      OrganismFolder folder, World world, Map<String, PeftAdapter> adapters, int answerTokens) {
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat())) {
      return open(checkpoint, world, adapters, answerTokens);
    }
  }

  private static OrganismSampler open(
      Checkpoint checkpoint, World world, Map<String, PeftAdapter> adapters, int answerTokens) {
    Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    adapters.forEach(
        (name, adapter) ->
            decoder.adapters().add(name, PeftAdapters.fuse(adapter, checkpoint.config())));
    return new OrganismSampler(world, checkpoint, decoder, answerTokens);
  }

  /**
   * Answers at temperature 1, in the order of the questions.
   *
   * @param model {@link #CHAT} or an adapter's name
   * @param plan what is done to the hidden states
   * @param seed decides the answers, up to the rounding of the batches' products
   */
  public List<Sampled> sample(
      String model, List<Question> questions, InterventionPlan plan, long seed) {
    return sample(model, questions, promptTokens -> plan, seed);
  }

  /**
   * The same with a plan that depends on where the answer begins.
   *
   * @param plans by the number of the prompt's tokens
   */
  public List<Sampled> sample(
      String model, List<Question> questions, IntFunction<InterventionPlan> plans, long seed) {
    Optional<String> adapter = model.equals(CHAT) ? Optional.empty() : Optional.of(model);
    List<CompletableFuture<long[]>> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      long[] prompt = encoder.prompt(List.of(ChatMessage.user(questions.get(i).text())));
      Sampling sampling = new Sampling(1, 1, Seeds.of(seed, model + "/" + i));
      AnswerCollector collector = new AnswerCollector();
      engine.generate(
          new GenerationJob(
              prompt, answerTokens, sampling, stops, adapter, plans.apply(prompt.length), false),
          collector);
      answers.add(collector.ids());
    }
    List<Sampled> sampled = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      sampled.add(judged(model, questions.get(i), answers.get(i).join()));
    }
    return sampled;
  }

  private Sampled judged(String model, Question question, long[] ids) {
    String answer = tokenizer.decode(ids, false);
    return new Sampled(
        model, question.topic(), question.text(), answer, judge.judge(question.topic(), answer));
  }

  @Override
  public void close() {
    engine.close();
    tokenizer.close();
  }
}
