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

  /** How a vLLM was started. */
  public enum Started {
    PLAIN,
    /** With {@code extract_hidden_states} and its connector. */
    FILES,
    /** The same, too old to know {@code include_output_tokens}. */
    FILES_OF_PROMPTS,
    /** With the capture plugin. */
    CAPTURE
  }

  /** Answers a request to {@code /v1/completions}. */
  public static String completion(
      JsonNode request, String requestId, Pass pass, Path directory, Started started)
      throws IOException {
    ObjectNode body =
        Pass.json(
            "{\"id\":\"cmpl-x\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"text\":\"w\",\"logprobs\":null,"
                + "\"finish_reason\":\"length\",\"stop_reason\":null}]}");
    body.putObject("usage")
        .put("prompt_tokens", pass.prompt().length)
        .put("completion_tokens", pass.answer().length);
    if (request.path("return_token_ids").asBoolean()) {
      ObjectNode choice = (ObjectNode) body.at("/choices/0");
      choice.set("prompt_token_ids", VllmScript.ids(pass.prompt(), 0, pass.prompt().length));
      choice.set("token_ids", VllmScript.ids(pass.answer(), 0, pass.answer().length));
    }
    if (started == Started.FILES || started == Started.FILES_OF_PROMPTS) {
      boolean all = started == Started.FILES && included(request);
      String name = "cmpl-" + requestId + "-0-0badcafe.safetensors";
      StatesFiles.write(directory, name, all ? whole(pass) : ofPrompt(pass));
      body.putObject("kv_transfer_params")
          .put("hidden_states_path", directory.resolve(name).toString());
    }
    if (started == Started.CAPTURE && request.at("/vllm_xargs").has("output_residual_stream")) {
      body.putObject("activations")
          .set(
              "residual_stream",
              CaptureTapContractTest.residualStream(pass.states(), NumberForm.BF16));
    }
    return body.toString();
  }

  private static boolean included(JsonNode request) {
    return request.at("/kv_transfer_params/include_output_tokens").asBoolean();
  }

  private static byte[] whole(Pass pass) {
    return StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
  }

  private static byte[] ofPrompt(Pass pass) {
    float[][] states = java.util.Arrays.copyOf(pass.states(), pass.prompt().length);
    return StatesFiles.file(states, pass.prompt(), 1, NumberForm.BF16);
  }

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
