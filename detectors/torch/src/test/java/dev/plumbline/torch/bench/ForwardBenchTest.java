package dev.plumbline.torch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form of the figures; the figures themselves depend on the machine. */
class ForwardBenchTest {
  @TempDir Path folder;

  @Test
  void run_smallModel_writesEveryFigureBesideItsRoofline() throws IOException {
    Path model = RandomCheckpoint.write(folder, 2, 64, 128, 100);
    List<String> progress = new ArrayList<>();
    ForwardReport report =
        ForwardBench.run(
            model,
            new ForwardBench.Options(
                List.of(Precision.FLOAT32, Precision.BFLOAT16), 2, 1, List.of(1, 2), "cpu", "abc"),
            progress::add);
    Path file = folder.resolve("forward.json");
    report.write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());

    for (String dtype : List.of("float32", "bfloat16")) {
      JsonNode reading = json.path("reading").path(dtype);
      assertThat(reading.path("tokens_per_s").asDouble()).isPositive();
      assertThat(reading.path("roofline_tokens_per_s").asDouble()).isPositive();
      JsonNode generation = json.path("generation").path(dtype);
      for (String figure : List.of("plain", "watched", "roofline")) {
        assertThat(generation.path(figure).asDouble()).as(figure).isPositive();
      }
      for (String ratio : List.of("watched_over_plain", "floor")) {
        JsonNode interval = generation.path(ratio + "_interval");
        assertThat(generation.path(ratio).asDouble())
            .as(ratio)
            .isBetween(interval.path(0).asDouble(), interval.path(1).asDouble())
            .isPositive();
      }
      assertThat(json.path("reading_by_batch").path(dtype).size()).isEqualTo(2);
    }
    for (String fact : List.of("machine", "jdk", "commit", "date", "libtorch")) {
      assertThat(json.path(fact).asText()).as(fact).isNotBlank();
    }
    assertThat(json.path("threads").asInt()).isPositive();
    assertThat(json.path("notes"))
        .asInstanceOf(InstanceOfAssertFactories.iterable(JsonNode.class))
        .isNotEmpty();
    assertThat(progress).anyMatch(line -> line.contains("reading, batch 2"));
    assertThat(report.table()).contains("watched/plain", "floor").contains("batch 2");
  }

  @Test
  void options_nothingToMeasure_areRefused() {
    assertThatThrownBy(() -> new ForwardBench.Options(List.of(), 1, 1, List.of(1), "cpu", "abc"))
        .hasMessageContaining("wanted a precision");
  }

  @Test
  void median_ofEvenAndOdd_isTheMiddle() {
    assertThat(Median.of(9, 1, 5)).isEqualTo(5);
    assertThat(Median.of(4, 1, 2, 100)).isEqualTo(3);
  }

  @Test
  void roofline_isTheSlowerOfBytesAndOperations() {
    Roofline machine = new Roofline(10, 100);
    assertThat(machine.seconds(50, 100)).isEqualTo(5);
    assertThat(machine.seconds(1, 1000)).isEqualTo(10);
  }
}
