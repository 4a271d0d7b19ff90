package dev.plumbline.learn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.learn.chat.TinyChatModel;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LearnBenchTest {
  @TempDir private Path temp;

  @Test
  void command_withoutPython_measuresThisSideAndSaysSo() throws IOException {
    Path model = TinyChatModel.write(temp.resolve("model"));
    Path json = temp.resolve("learn.json");
    StringWriter out = new StringWriter();

    int status =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()))
            .execute(
                ("learn --answers 64 --synthetic 64 --width 24 --pairs 1 --probe-answers 32"
                        + " --model "
                        + model
                        + " --json "
                        + json)
                    .split(" "));

    assertThat(status).isZero();
    assertThat(out.toString()).contains("answers: 64 answers", "nothing is compared");
    JsonNode found = new ObjectMapper().readTree(json.toFile());
    assertThat(found.get("answers").get("total_s").asDouble()).isPositive();
    assertThat(found.get("answers").has("ratio")).isFalse();
    assertThat(found.get("synthetic").get("sizes")).hasSize(3);
    assertThat(found.get("machine").asText()).isNotEmpty();
    JsonNode run = found.get("answers").get("pairs").get(0).get("ours");
    assertThat(run.get("states").asLong()).isPositive();
    assertThat(run.get("peak_resident_mib").asDouble()).isPositive();
  }

  @Test
  void command_withAnInterpreterThatIsNone_saysWhatToInstall() throws IOException {
    Path model = TinyChatModel.write(temp.resolve("model"));
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new BenchCommand())
            .setErr(new PrintWriter(err))
            .execute(
                ("learn --answers 64 --synthetic 0 --python /bin/false --model " + model)
                    .split(" "));
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("pip install", "scikit-learn");
  }

  /** In Java and on the device: the states as they stand in the file, in double. */
  @Test
  void javaSide_onSyntheticStates_findsTheDirectionsOfAPlainComputation() throws IOException {
    for (int width : new int[] {24, 520}) {
      BenchData data = new BenchData(temp, List.of(), 200, width, 100, 3);
      SyntheticStates.write(data);
      SideRun run = new JavaSide(data, null).run(Side.Part.SYNTHETIC, 200);
      CovarianceAccumulator[] classes = classes(data);
      Estimation wanted = new Estimation(classes[1], classes[0], Optional.empty(), BenchData.RIDGE);
      assertThat(run.directions()[0]).containsExactly(wanted.meanDifference(), within(1e-10));
      double[] whitened = wanted.vector(Estimator.WHITENED);
      for (int i = 0; i < width; i++) {
        double most = 1e-7 * (1 + Math.abs(whitened[i]));
        assertThat(run.directions()[1][i]).isCloseTo(whitened[i], within(most));
      }
      assertThat(run.states()).isEqualTo(200 * BenchData.TOKENS);
    }
  }

  private static CovarianceAccumulator[] classes(BenchData data) throws IOException {
    int width = data.width();
    CovarianceAccumulator[] classes = {
      new CovarianceAccumulator(width), new CovarianceAccumulator(width)
    };
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(data.states())).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; bytes.hasRemaining(); n++) {
      double[] row = new double[width];
      for (int i = 0; i < width; i++) {
        row[i] = bytes.getFloat();
      }
      classes[n / BenchData.TOKENS % 2].add(row);
    }
    return classes;
  }

  /** The figure that would move if the check compared nothing. */
  @Test
  void agreement_ofOtherDirections_isTheLeastCosine() {
    SideRun one = run(new double[][] {{1, 0}, {1, 0}});
    SideRun other = run(new double[][] {{2, 0}, {1, 1}});
    assertThat(one.agreement(other)).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(one.agreement(one)).isEqualTo(1);
  }

  private static SideRun run(double[][] directions) {
    return new SideRun(1, 1, 1, 1, 1, 1, 1, directions);
  }
}
