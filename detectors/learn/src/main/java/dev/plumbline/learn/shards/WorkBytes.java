package dev.plumbline.learn.shards;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.LearnSettings;
import dev.plumbline.learn.direction.StatisticsWork;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The work of a shard as bytes: {@code PLSHARD1}, the settings, tap points, sides (name, adapter,
 * answers as prompt, model, prompt tokens and answer tokens) and pairings; or {@code PLREAD01},
 * adapter, answers, tap points and readouts. Big-endian, texts and lists behind their length as an
 * int. Labels and texts of answers stay at home.
 */
final class WorkBytes {
  static final byte[] MAGIC = "PLSHARD1".getBytes(StandardCharsets.UTF_8);
  static final byte[] READING = "PLREAD01".getBytes(StandardCharsets.UTF_8);

  private final DataOutputStream out;

  private WorkBytes(ByteArrayOutputStream to) {
    this.out = new DataOutputStream(to);
  }

  /** What is written where. */
  private interface Writing {
    void to(WorkBytes bytes) throws IOException;
  }

  static byte[] of(StatisticsWork work) {
    return of(bytes -> bytes.write(work));
  }

  static byte[] of(ReadingWork work) {
    return of(bytes -> bytes.write(work));
  }

  private static byte[] of(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new WorkBytes(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(ReadingWork work) throws IOException {
    out.write(READING);
    text(work.adapter().orElse(""));
    answers(work.answers());
    points(work.points());
    out.writeInt(work.readouts().size());
    for (Readout readout : work.readouts()) {
      text(readout.name());
      out.writeDouble(readout.bias());
      out.writeInt(readout.tapPoints().size());
      for (TapPoint point : readout.tapPoints()) {
        text(point.toString());
        float[] weights = readout.weights(point);
        out.writeInt(weights.length);
        for (float weight : weights) {
          out.writeFloat(weight);
        }
      }
    }
  }

  private void points(List<TapPoint> points) throws IOException {
    out.writeInt(points.size());
    for (TapPoint point : points) {
      text(point.toString());
    }
  }

  private void write(StatisticsWork work) throws IOException {
    out.write(MAGIC);
    LearnSettings settings = work.settings();
    text(settings.estimator().wireName());
    text(settings.weighting().name());
    out.writeBoolean(settings.paired());
    out.writeDouble(settings.ridge());
    out.writeInt(work.shards());
    points(work.points());
    out.writeInt(work.sides().size());
    for (StatisticsWork.Side side : work.sides()) {
      text(side.name());
      text(side.adapter().orElse(""));
      answers(side.answers());
    }
    out.writeInt(work.pairings().size());
    for (StatisticsWork.Pairing pairing : work.pairings()) {
      text(pairing.name());
      text(pairing.positive());
      text(pairing.negative());
      out.writeBoolean(pairing.sameAnswers());
    }
  }

  private void answers(List<Answer> answers) throws IOException {
    out.writeInt(answers.size());
    for (Answer answer : answers) {
      text(answer.prompt());
      text(answer.model());
      tokens(answer.promptTokens());
      tokens(answer.answerTokens());
    }
  }

  private void tokens(long[] tokens) throws IOException {
    out.writeInt(tokens.length);
    for (long token : tokens) {
      out.writeInt(Math.toIntExact(token));
    }
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
