package dev.plumbline.agent.tap.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.agent.tap.states.StatesTapContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class FileTapContractTest extends StatesTapContract {
  private static final String NAME = "chatcmpl-" + ID + "-0badcafe.safetensors";
  private static final String BODY = "{\"model\":\"m\",\"messages\":[],\"temperature\":0.10";

  @TempDir Path directory;

  @Override
  protected StatesTap open() {
    return new FileTap(
        new FileTap.Settings(
            directory,
            Path.of("/served"),
            List.of(3),
            StatesArtefacts.LAYERS,
            Duration.ofMillis(60),
            Duration.ofHours(1),
            1 << 20),
        Clock.systemUTC());
  }

  @Override
  protected String path() {
    return "/v1/chat/completions";
  }

  @Override
  protected String request(boolean stream) {
    return BODY + ",\"stream\":" + stream + "}";
  }

  @Override
  protected String askingRequest(boolean stream) {
    return BODY
        + ",\"stream\":"
        + stream
        + ",\"return_token_ids\":true,\"kv_transfer_params\":{\"include_output_tokens\":true}}";
  }

  @Override
  protected String answer(JsonNode request, Pass pass, boolean stream) throws IOException {
    assertThat(request.at("/kv_transfer_params/include_output_tokens").asBoolean()).isTrue();
    StatesFiles.write(
        directory, NAME, StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
    if (stream) {
      return VllmScript.stream(pass, request) + "data: [DONE]\n\n";
    }
    ObjectNode body = VllmScript.whole(pass, request);
    body.putObject("kv_transfer_params").put("hidden_states_path", "/served/" + NAME);
    return body.toString();
  }

  @Override
  protected String plainAnswer(Pass pass, boolean stream) {
    return stream
        ? VllmScript.stream(pass, null) + "data: [DONE]\n\n"
        : VllmScript.whole(pass, null).toString();
  }

  @Override
  protected void assertNothingLeft(boolean clientAsked) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.count()).isEqualTo(clientAsked ? 2 : 0);
    }
  }
}
