package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFeatures;
import dev.plumbline.learn.direction.StateReader;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.report.Section;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers read shard by shard: here or by members, with the same bits, since the answers are cut
 * alike. A shard that was read is kept until its reading is whole. One thread.
 */
public final class ShardedStates implements StateReader {
  /** What all of a job's readers share. */
  private record Job(
      ShardRunner runner,
      int hidden,
      int shards,
      Path folder,
      Progress progress,
      List<Tally> tallies) {}

  private final Job job;
  private final Optional<String> adapter;

  /**
   * @param runner reads the shards
   * @param hidden D of the model
   * @param shards 0 for as many as fit the answers
   * @param folder of the job; shards are kept below it
   */
  public ShardedStates(ShardRunner runner, int hidden, int shards, Path folder, Progress progress) {
    this(new Job(runner, hidden, shards, folder, progress, new ArrayList<>()), Optional.empty());
  }

  private ShardedStates(Job job, Optional<String> adapter) {
    this.job = job;
    this.adapter = adapter;
  }

  @Override
  public StateReader wearing(Optional<String> name) {
    return new ShardedStates(job, name);
  }

  @Override
  public AnswerFeatures features(List<Answer> answers, List<TapPoint> points) {
    AnswerFeatures all = new AnswerFeatures(points, answers.size());
    int row = 0;
    for (Part part : read(answers, some -> new ReadingWork(adapter, some, points, List.of()))) {
      part.require(4L * points.size() * part.answers.size() * job.hidden);
      for (TapPoint point : points) {
        for (int i = 0; i < part.answers.size(); i++) {
          float[] mean = new float[job.hidden];
          part.numbers.asFloatBuffer().get(mean);
          part.numbers.position(part.numbers.position() + 4 * mean.length);
          all.set(point, row + i, mean);
        }
      }
      row += part.answers.size();
    }
    return all;
  }

  @Override
  public List<double[][]> readouts(List<Answer> answers, List<Readout> readouts) {
    List<double[][]> all = new ArrayList<>();
    for (Part part : read(answers, some -> new ReadingWork(adapter, some, List.of(), readouts))) {
      long tokens = part.answers.stream().mapToLong(Answer::length).sum();
      part.require(8 * tokens * readouts.size());
      for (Answer answer : part.answers) {
        double[][] own = new double[readouts.size()][answer.length()];
        for (double[] values : own) {
          for (int t = 0; t < values.length; t++) {
            values[t] = part.numbers.getDouble();
          }
        }
        all.add(own);
      }
    }
    return all;
  }

  /** Some answers and what came of them. */
  private record Part(Shard shard, List<Answer> answers, ByteBuffer numbers) {
    void require(long bytes) {
      Check.that(
          numbers.remaining() == bytes,
          "result of shard " + shard,
          bytes + " bytes of numbers",
          numbers.remaining(),
          "update the members to this version");
    }
  }

  private List<Part> read(List<Answer> answers, Function<List<Answer>, ReadingWork> work) {
    int count = StatisticsShards.count(answers.size(), job.shards);
    List<Shard> shards = new ArrayList<>();
    List<List<Answer>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) answers.size() * i / count);
      int to = (int) ((long) answers.size() * (i + 1) / count);
      parts.add(answers.subList(from, to));
      shards.add(new Shard(i, count, WorkBytes.of(work.apply(parts.get(i)))));
    }
    ShardFolder kept =
        new ShardFolder(job.folder.resolve("shards").resolve("reading"), RowBytes::shards);
    job.tallies.add(job.runner.run(shards, kept, job.progress));
    List<Part> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer numbers = RowBytes.numbers(kept.result(shards.get(i)));
      all.add(new Part(shards.get(i), parts.get(i), numbers));
    }
    kept.clear(shards);
    return all;
  }

  /** How all reading went, for the report; none where nothing was read in this run. */
  public List<Section> sections() {
    return job.tallies.stream()
        .reduce(Tally::plus)
        .map(sum -> List.of(sum.section("all readings")))
        .orElse(List.of());
  }
}
