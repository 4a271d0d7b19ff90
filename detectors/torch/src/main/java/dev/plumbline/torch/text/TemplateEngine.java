package dev.plumbline.torch.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.CompositeELResolver;

/**
 * Jinja as chat templates use it, on Jinjava: Python's string methods, whitespace as Hugging Face
 * trims it, and bounds on output, loops and nodes rendered. No includes, imports or files.
 */
final class TemplateEngine {
  static final int MOST_ITEMS = 100_000;
  private static final int LONGEST_OUTPUT = 4 << 20;
  private static final int DEEPEST = 32;
  private static final int MOST_NODES = 200_000;
  private static final String NODES = "plumbline nodes";
  private static final Set<String> LOADING =
      Set.of("include", "import", "from", "extends", "block");

  private static final JinjavaConfig CONFIG = config();
  private static final Jinjava JINJAVA = create();

  /**
   * The tags, filters and functions, a copy for each thread: rendering leaves notes in it, which
   * are cleared afterwards. Jinjava copies them for every rendering, which took longer than that.
   */
  private static final ThreadLocal<Context> LIBRARY =
      ThreadLocal.withInitial(JINJAVA::getGlobalContextCopy);

  private TemplateEngine() {}

  /**
   * Renders a template.
   *
   * @throws IllegalArgumentException with the template's own message if it raised one, or what is
   *     wrong with it
   */
  static String render(String template, Map<String, Object> values) {
    Map<String, Object> bindings = new HashMap<>(values);
    bindings.put("strftime_now", "");
    bindings.put("raise_exception", "");
    bindings.put(NODES, new int[1]);
    return render(TemplateSource.prepared(template), LIBRARY.get(), bindings);
  }

  /** As {@link Jinjava#renderForResult} does it, but for the copy of the library. */
  private static String render(String template, Context library, Map<String, Object> bindings) {
    Context context = new Context(library, bindings, CONFIG.getDisabled());
    JinjavaInterpreter interpreter = new JinjavaInterpreter(JINJAVA, context, CONFIG);
    JinjavaInterpreter.pushCurrent(interpreter);
    try {
      String output = interpreter.render(template);
      if (interpreter.getErrors().isEmpty()) {
        return output;
      }
    } catch (RuntimeException e) {
      interpreter.addError(TemplateError.fromException(e));
    } finally {
      JinjavaInterpreter.popCurrent();
      library.reset();
    }
    throw refused(interpreter.getErrors().get(0));
  }

  private static IllegalArgumentException refused(TemplateError error) {
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TemplateFunctions.Raised raised) {
        return new IllegalArgumentException(
            "the chat template refused the messages: " + raised.getMessage(), raised);
      }
    }
    return new IllegalArgumentException(
        "wanted a chat template this runtime can render, found at line "
            + error.getLineno()
            + ": "
            + error.getMessage()
            + ". Give the model another template.",
        error.getException());
  }

  private static Jinjava create() {
    Jinjava jinjava = new Jinjava(CONFIG);
    TemplateFunctions.all().forEach(jinjava.getGlobalContext()::registerFunction);
    return jinjava;
  }

  private static JinjavaConfig config() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonText());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    return JinjavaConfig.newBuilder()
        .withTrimBlocks(true)
        .withLstripBlocks(true)
        .withNestedInterpretationEnabled(false)
        .withElResolver(resolver)
        .withMaxOutputSize(LONGEST_OUTPUT)
        .withMaxStringLength(LONGEST_OUTPUT)
        .withMaxListSize(MOST_ITEMS)
        .withMaxMapSize(MOST_ITEMS)
        .withMaxRenderDepth(DEEPEST)
        .withMaxMacroRecursionDepth(DEEPEST)
        .withProcessors(
            JinjavaProcessors.newBuilder().withNodePreProcessor(TemplateEngine::count).build())
        .withDisabled(Map.of(Library.TAG, LOADING))
        .withLegacyOverrides(python())
        .build();
  }

  /** Where Jinjava's defaults differ from Python's Jinja. */
  private static LegacyOverrides python() {
    return LegacyOverrides.newBuilder()
        .withEvaluateMapKeys(true)
        .withIterateOverMapKeys(true)
        .withUsePyishObjectMapper(true)
        .withUseNaturalOperatorPrecedence(true)
        .withParseWhitespaceControlStrictly(true)
        .withAllowAdjacentTextNodes(true)
        .withUseTrimmingForNotesAndExpressions(true)
        .withKeepNullableLoopValues(true)
        .build();
  }

  private static void count(Node node, JinjavaInterpreter interpreter) {
    int[] nodes = (int[]) interpreter.getContext().get(NODES);
    if (nodes != null && ++nodes[0] > MOST_NODES) {
      throw new InterpretException("more than " + MOST_NODES + " nodes rendered");
    }
  }
}
