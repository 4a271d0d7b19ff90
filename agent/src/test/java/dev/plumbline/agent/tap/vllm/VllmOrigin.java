package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.Pass;
import java.io.IOException;
import java.nio.file.Path;

/** vLLM with hidden-states files as a client on the network meets it: bodies, and files. */
public final class VllmOrigin {
  private VllmOrigin() {}

  /** Answers a chat request; with {@code write} the file is there first. */
  public static String answer(
      JsonNode request, String requestId, Pass pass, Path directory, boolean write)
      throws IOException {
    String name = "chatcmpl-" + requestId + "-0badcafe.safetensors";
    if (write) {
      StatesFiles.write(
          directory, name, StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
    }
    if (request.path("stream").asBoolean()) {
      return VllmScript.stream(pass, request) + "data: [DONE]\n\n";
    }
    ObjectNode body = VllmScript.whole(pass, request);
    if (write) {
      body.putObject("kv_transfer_params")
          .put("hidden_states_path", directory.resolve(name).toString());
    }
    return body.toString();
  }
}
