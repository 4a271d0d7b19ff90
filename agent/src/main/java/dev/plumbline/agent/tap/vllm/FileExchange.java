package dev.plumbline.agent.tap.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.cut.JsonFilter;
import dev.plumbline.agent.tap.cut.RawValue;
import dev.plumbline.agent.tap.cut.SseFilter;
import dev.plumbline.agent.tap.states.ChoiceStates;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.vllm.FileWait.Arrived;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** One exchange whose states come in files. */
final class FileExchange implements StatesExchange {
  private static final String PARAMETERS = "kv_transfer_params";
  private static final int PARAMETERS_BYTES = 1 << 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final FileTap tap;
  private final VllmRequest request;
  private final boolean clientReads;
  private final VllmAnswer answer;

  FileExchange(FileTap tap, VllmRequest request, boolean clientReads) {
    this.tap = tap;
    this.request = request;
    this.clientReads = clientReads;
    this.answer = new VllmAnswer(PARAMETERS, !clientReads, request.cutIds(), PARAMETERS_BYTES);
  }

  @Override
  public byte[] body() {
    return request.json().toBytes();
  }

  @Override
  public Map<String, String> headers() {
    return request.headers();
  }

  @Override
  public AnswerFilter filter(boolean stream) {
    return stream ? new SseFilter(answer.rules(), answer) : new JsonFilter(answer.rules(), answer);
  }

  @Override
  public CompletionStage<Found> find(BooleanSupplier abandoned) {
    Optional<String> path = path();
    Optional<String> name = path.flatMap(tap.folder()::nameOf);
    if (path.isPresent() && name.filter(file -> StatesFolder.isOf(file, request.id())).isEmpty()) {
      String why = "wanted a file of this exchange in the directory, found another path";
      tap.complain("path", why + "; compare it with shared_storage_path");
      return CompletableFuture.completedFuture(Found.tapError(why));
    }
    return await(name, abandoned).handle((arrived, failure) -> found(arrived, failure, name));
  }

  @Override
  public void discard() {
    if (!clientReads) {
      await(path().flatMap(tap.folder()::nameOf), () -> false).thenAccept(this::delete);
    }
  }

  private CompletableFuture<Arrived> await(Optional<String> name, BooleanSupplier abandoned) {
    int count = name.isPresent() ? 1 : request.choices();
    FileWait.Wanted wanted =
        new FileWait.Wanted(name, StatesFolder.filesOf(request.id(), request.chat()), count);
    return FileWait.start(
        tap.folder(), wanted, tap.settings().patience(), abandoned, tap.threads());
  }

  /** The path in a non-streamed answer; streams have none. */
  private Optional<String> path() {
    try {
      RawValue value = answer.member().orElse(null);
      JsonNode node = value == null ? null : MAPPER.readTree(value.json());
      return node == null
          ? Optional.empty()
          : Optional.ofNullable(node.path("hidden_states_path").textValue());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Found found(Arrived arrived, Throwable failure, Optional<String> name) {
    if (failure != null) {
      String why = "wanted a readable directory " + tap.folder().directory() + ", found " + failure;
      tap.complain("directory", why + "; mount the server's volume there");
      return Found.tapError(why);
    }
    try {
      return said(load(arrived, name));
    } catch (BadStates e) {
      return said(e.toMissing());
    } catch (IOException | RuntimeException e) {
      return said(Found.tapError("a hidden-states file could not be read: " + e));
    } finally {
      delete(arrived);
    }
  }

  private Found said(Found found) {
    if (found instanceof Found.Missing missing) {
      String full = tap.folder().full() ? "; its file system is full" : "";
      tap.complain(missing.reason().wireName(), missing.why() + full);
    }
    return found;
  }

  private void delete(Arrived arrived) {
    if (!clientReads) {
      arrived.settled().forEach(tap::delete);
      arrived.unsettled().forEach(tap::delete);
    }
  }

  private Found load(Arrived arrived, Optional<String> name) throws IOException, BadStates {
    if (arrived.settled().isEmpty()) {
      return arrived.unsettled().isEmpty()
          ? Found.noStates("wanted a hidden-states file, found none in time; is it extracted?")
          : Found.tapError("wanted a complete hidden-states file, found one that is not");
    }
    if (arrived.settled().size() > request.choices()) {
      return Found.tapError("wanted one file a choice, found more; are request ids unique?");
    }
    FileAnswers answers = new FileAnswers(answer, tap.points(), request.choices());
    List<ChoiceStates> choices = new ArrayList<>();
    for (String file : arrived.settled()) {
      try (StatesFile open = tap.folder().open(file)) {
        choices.add(answers.read(open, tap.settings().mostBytes()));
      }
    }
    return new Found.States(choices, request.choices());
  }
}
