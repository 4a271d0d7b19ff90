package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any exchange, written in any dialect and read back, has the same prompt and the same texts. */
class GeneratedExchangesTest {
  private static final int EXCHANGES = 60;
  private static final String[] WORDS = {
    "ja",
    " nein",
    "\n\n",
    "data: x",
    "🙂",
    "ß",
    "\"",
    "\\",
    "[DONE]",
    "\u2028",
    "\t",
    " ",
    "漢字",
    ": ",
    "{\"text\":\"\"}",
    "\u0000",
    "e\u0301",
    "\r",
    "</s>"
  };

  /** Writes exchanges as one server does. */
  private enum Form {
    CHAT(Route.CHAT_COMPLETIONS, 3) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("messages", messages(turns));
      }

      @Override
      Object whole(List<String> texts) {
        return choices(texts, text -> Map.of("message", Map.of("content", text)));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("choices", List.of(Map.of("index", index, "delta", Map.of("content", text))));
      }
    },
    COMPLETIONS(Route.COMPLETIONS, 3) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("prompt", turns.get(0));
      }

      @Override
      Object whole(List<String> texts) {
        return choices(texts, text -> Map.of("text", text));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("choices", List.of(Map.of("index", index, "text", text)));
      }
    },
    RESPONSES(Route.RESPONSES, 1) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("input", messages(turns));
      }

      @Override
      Object whole(List<String> texts) {
        Object part = Map.of("type", "output_text", "text", texts.get(0));
        return Map.of("output", List.of(Map.of("type", "message", "content", List.of(part))));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("type", "response.output_text.delta", "delta", text);
      }

      @Override
      List<Object> end(int choices, List<String> texts) {
        return List.of(Map.of("type", "response.completed", "response", whole(texts)));
      }
    },
    MESSAGES(Route.MESSAGES, 1) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("messages", messages(turns));
      }

      @Override
      Object whole(List<String> texts) {
        return Map.of("content", List.of(Map.of("type", "text", "text", texts.get(0))));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        Object delta = Map.of("type", "text_delta", "text", text);
        return Map.of("type", "content_block_delta", "delta", delta);
      }

      @Override
      List<Object> end(int choices, List<String> texts) {
        return List.of(Map.of("type", "message_stop"));
      }
    },
    SGLANG(Route.GENERATE, 3) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("text", turns.get(0));
      }

      @Override
      Object whole(List<String> texts) {
        return texts.stream().map(text -> Map.of("text", text)).toList();
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("text", soFar, "index", index);
      }
    },
    LLAMA(Route.COMPLETION, 3) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("prompt", turns.get(0));
      }

      @Override
      Object whole(List<String> texts) {
        return texts.stream().map(text -> Map.of("content", text, "stop", true)).toList();
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("index", index, "content", text, "stop", false);
      }

      @Override
      List<Object> end(int choices, List<String> texts) {
        List<Object> ends = new ArrayList<>();
        for (int i = 0; i < choices; i++) {
          ends.add(Map.of("index", i, "content", "", "stop", true));
        }
        return ends;
      }
    },
    TGI(Route.GENERATE_STREAM, 1) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("inputs", turns.get(0));
      }

      @Override
      Object whole(List<String> texts) {
        return Map.of("generated_text", texts.get(0));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("token", Map.of("text", text, "special", false));
      }

      @Override
      List<Object> end(int choices, List<String> texts) {
        Object token = Map.of("text", "</s>", "special", true);
        return List.of(Map.of("token", token, "generated_text", texts.get(0)));
      }
    },
    TRITON(Route.OIP_GENERATE_STREAM, 1) {
      @Override
      Object ask(List<String> turns) {
        return Map.of("text_input", turns.get(0), "exclude_input_in_output", true);
      }

      @Override
      Object whole(List<String> texts) {
        return Map.of("text_output", texts.get(0));
      }

      @Override
      Object piece(int index, String text, String soFar) {
        return Map.of("text_output", text);
      }

      @Override
      List<Object> end(int choices, List<String> texts) {
        return List.of();
      }
    };

    final Route route;
    final int mostChoices;

    Form(Route route, int mostChoices) {
      this.route = route;
      this.mostChoices = mostChoices;
    }

    abstract Object ask(List<String> turns);

    abstract Object whole(List<String> texts);

    abstract Object piece(int index, String text, String soFar);

    /** What follows the pieces; text stands for itself. */
    List<Object> end(int choices, List<String> texts) {
      return List.of("[DONE]");
    }

    private static Object messages(List<String> turns) {
      return turns.stream().map(turn -> Map.of("role", "user", "content", turn)).toList();
    }

    private static Object choices(
        List<String> texts, java.util.function.Function<String, Map<String, ?>> said) {
      List<Object> choices = new ArrayList<>();
      for (int i = texts.size() - 1; i >= 0; i--) {
        Map<String, Object> choice = new java.util.HashMap<>(said.apply(texts.get(i)));
        choice.put("index", i);
        choices.add(choice);
      }
      return Map.of("choices", choices);
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void exchange_writtenAndRead_isTheSame(Form form) {
    for (int seed = 0; seed < EXCHANGES; seed++) {
      Random random = new Random(seed);
      List<String> turns = texts(random, 1 + random.nextInt(3));
      Call call = Wire.call(form.route, Wire.json(form.ask(turns)));
      List<String> asked =
          call.prompt().orElseThrow() instanceof dev.plumbline.agent.wire.Prompt.Raw raw
              ? List.of(raw.text())
              : Wire.turns(call).stream().map(turn -> turn.substring("user: ".length())).toList();
      assertThat(asked).isEqualTo(turns.subList(0, asked.size()));
      List<String> texts = texts(random, 1 + random.nextInt(form.mostChoices));
      assertThat(Wire.whole(call, Wire.json(form.whole(texts))).orElseThrow().texts())
          .isEqualTo(texts);
      assertThat(Wire.stream(call, stream(form, texts, random)).orElseThrow().texts())
          .as("seed %d", seed)
          .isEqualTo(texts);
    }
  }

  private static String stream(Form form, List<String> texts, Random random) {
    StringBuilder events = new StringBuilder();
    int[] at = new int[texts.size()];
    while (!done(texts, at)) {
      int choice = random.nextInt(at.length);
      String text = texts.get(choice);
      int end = Math.min(text.length(), at[choice] + random.nextInt(6));
      boolean halved = end < text.length() && end > 0 && Character.isLowSurrogate(text.charAt(end));
      end = halved ? end + 1 : end;
      String piece = text.substring(at[choice], end);
      events.append(Wire.events(Wire.json(form.piece(choice, piece, text.substring(0, end)))));
      at[choice] = end;
    }
    for (Object end : form.end(texts.size(), texts)) {
      events.append(Wire.events(end instanceof String text ? text : Wire.json(end)));
    }
    return events.toString();
  }

  private static boolean done(List<String> texts, int[] at) {
    for (int i = 0; i < at.length; i++) {
      if (at[i] < texts.get(i).length()) {
        return false;
      }
    }
    return true;
  }

  private static List<String> texts(Random random, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int words = 1 + random.nextInt(12); words > 0; words--) {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
