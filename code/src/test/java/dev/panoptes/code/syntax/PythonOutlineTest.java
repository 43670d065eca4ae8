package dev.panoptes.code.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.code.tree.ParseResult;
import dev.panoptes.code.tree.Parser;
import dev.panoptes.code.tree.ParserUnavailable;
import dev.panoptes.code.tree.SyntaxTree;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is parsed of a file in parts is what is parsed of it as a whole. */
final class PythonOutlineTest {
    /** Long enough to be left out. */
    private static final String LONG = "    value = {'a': [1, 2, 3], 'b': (4, 5)}\n".repeat(4);

    private static final String MORE = LONG.replace("    value", "                value");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def f(a, b=lambda: 0) -> dict[str, int]:\nBODY    return a\nPORT = f(1)\n",
                "@app.get('/health')\n"
                        + "async def f():  # told\n"
                        + "    \"\"\"It:\n\n"
                        + "def g():\n"
                        + "    '''\"\"\"\n"
                        + "BODY    return {'status': 'ok'}\n\n\n"
                        + "run()\n",
                "class A(Base, key=1):\n"
                        + "    x: int = 1\n\n"
                        + "    @property\n"
                        + "    def f(self):\n"
                        + "MORE                return self.x\n\n"
                        + "    async  def g(self):\n"
                        + "MORE                y = 2\n\n"
                        + "run(A().f)\n",
                "if x:\n"
                        + "    def f():\n"
                        + "MORE                return 1\n"
                        + "else:\n"
                        + "    def f():\n"
                        + "MORE                return 2\n"
                        + "f()",
                "try:\n\tdef f():\n\t\tx = 1\nMORE\t\treturn 1\nexcept E:\n\tpass\n",
                "def f():\n"
                        + "BODY# not indented\n"
                        + "    # indented\n"
                        + "    return f'{a[\"b\"]:>{width}} {{}} {x!r}'\n"
                        + "# behind\n\n"
                        + "def g(): return 1\n"
                        + "f()\n",
                "def f(\n"
                        + "    a,\n"
                        + "    b,  # :\n"
                        + "):\n"
                        + "BODY    def inner():\n"
                        + "        return [a,\n"
                        + "# ) ' \n"
                        + "b]\n"
                        + "    return inner\n\n\n"
                        + "main = f(1, 2)\n",
                "def f():\r\n    '''\r\n    text\r\n    '''\r\nBODY    return 1\r\n\r\nf()\r\n",
                "def f():\nBODY    x = 1 + \\\n2\n    return x\nf()\n",
                "def f():\nBODY    return 'ä' + \"\\\"\" + r'\\\\' + b'\\'' + '''\n' '''\nf('ü')\n",
                "def f[T: int](a: T):\nBODY    if a:\n        return 1\n    else:\n        return 2\n\n\n\nprint(f)",
                "def f():\n"
                        + "BODY    match a:\n"
                        + "        case 1:\n"
                        + "            return 2\n\n"
                        + "def g():\n"
                        + "BODY\n"
                        + "def h():\n"
                        + "BODY    yield 1\n",
            })
    void aFileWithoutBodiesIsTheSameFile(String template) throws ParserUnavailable {
        byte[] source = template.replace("BODY", LONG).replace("MORE", MORE).getBytes(StandardCharsets.UTF_8);
        assertThat(PythonOutline.of(source)).isNotNull();
        assertThat(inParts(source)).isEqualTo(whole(source)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def f():\nBODY    return 'no end\n",
                "def f():\nBODY    return (1\n",
                "def f():\nBODY    return (1]\n",
                "def f():\nBODY    return `x`\n",
                "def f():\nBODY    return f'{x\n}'\n",
                "def f():\nBODY    return f'''{x'''\n",
                "def f():\nBODY    x = 1 \\ 2\n",
                "def f():\rBODY\r",
                "def f():\nBODY    '''\n",
                "def f():\nBODY    return f'\\{x}'\n",
                "def f():\n\\\nBODY\n",
                "def f():\n    return 1\nf()\n",
                "def f(): return [\n"
                        + "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,"
                        + " 1, 1, 1, 1,1, 1, 1]\n",
                "def f():\nx = 1\n",
                "",
            })
    void whereLinesAreNotCertainOrNothingIsGainedTheWholeIsParsed(String template) {
        assertThat(PythonOutline.of(template.replace("BODY", LONG).getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void anErrorOutsideOfBodiesIsAReasonToParseTheWhole() throws ParserUnavailable {
        byte[] source = ("def f():\n" + LONG + "x = = 1\n").getBytes(StandardCharsets.UTF_8);
        PythonOutline outline = PythonOutline.of(source);
        assertThat(outline).isNotNull();
        assertThat(outline.placed(tree(outline.text(), 0, outline.text().length)))
                .isNull();
    }

    @Test
    void aBodyThatNobodyAskedForStaysWhereItIs() throws Exception {
        byte[] source = ("def f():\n" + LONG + "\nx = f()\n").getBytes(StandardCharsets.UTF_8);
        PythonOutline outline = PythonOutline.of(source);
        assertThat(outline).isNotNull();
        SyntaxTree placed = outline.placed(tree(outline.text(), 0, outline.text().length));
        assertThat(placed).isNotNull();
        SourceText kept =
                SourceText.decoded(SourceText.of(Language.PYTHON, placed).encoded());
        Statement.Define define = (Statement.Define) kept.statements().getFirst();
        assertThat(define.function().body().known()).isNull();
        assertThat(define.function().body().statements((start, end) -> {
                    assertThat(new String(source, start, end - start, StandardCharsets.UTF_8))
                            .isEqualTo(("def f():\n" + LONG).strip());
                    return List.of();
                }))
                .isEmpty();
    }

    /** Pieces of files, put together at random, broken or not: nothing fails, and what has no errors is the same. */
    @Test
    void piecesInAnyOrder() throws ParserUnavailable {
        String[] pieces = {
            "def f(a):\n",
            "    def g(self):\n",
            "class A:\n",
            LONG,
            "    return (1,\n",
            "2)\n",
            "'''",
            "\"",
            "x = f'{y",
            "}'\n",
            "# '\n",
            "@d\n",
            "async def h():\n",
            "\n",
            "        pass\n",
            "if x:\n",
            "\t",
            "\\\n",
            "lambda: 0\n",
            "[",
            "]",
            "{",
            "}",
            ":",
            "ä",
            "\r\n"
        };
        SplittableRandom random = new SplittableRandom(17);
        int same = 0;
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(3, 14); left > 0; left--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] source = text.toString().getBytes(StandardCharsets.UTF_8);
            String parts = inParts(source);
            if (parts != null && !hasErrors(source)) {
                assertThat(parts).as(text.toString()).isEqualTo(whole(source));
                same++;
            }
        }
        assertThat(same).isPositive();
    }

    /** The Python files of this repository. */
    @Test
    void filesOfTheTests() throws IOException, ParserUnavailable {
        Path root = Path.of("").toAbsolutePath();
        root = Files.exists(root.resolve("bench")) ? root : root.getParent();
        List<Path> files;
        try (Stream<Path> all = Files.walk(root.resolve("bench"))) {
            files = new ArrayList<>(
                    all.filter(file -> file.toString().endsWith(".py")).toList());
        }
        try (Stream<Path> all = Files.walk(root.resolve("examples"))) {
            files.addAll(all.filter(file -> file.toString().endsWith(".py")).toList());
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            byte[] source = Files.readAllBytes(file);
            String parts = inParts(source);
            if (parts != null) {
                assertThat(parts).as(file.toString()).isEqualTo(whole(source));
            }
        }
    }

    private static String whole(byte[] source) throws ParserUnavailable {
        return written(SourceText.of(Language.PYTHON, tree(source, 0, source.length)));
    }

    /** Null where the whole is to be parsed. */
    private static @Nullable String inParts(byte[] source) throws ParserUnavailable {
        PythonOutline outline = PythonOutline.of(source);
        SyntaxTree placed = outline == null ? null : outline.placed(tree(outline.text(), 0, outline.text().length));
        if (placed == null) {
            return null;
        }
        SourceText text = SourceText.of(Language.PYTHON, placed);
        ask(text, source);
        return written(text);
    }

    private static boolean hasErrors(byte[] source) throws ParserUnavailable {
        SyntaxTree tree = tree(source, 0, source.length);
        for (int i = 1; i < tree.size(); i++) {
            if ((tree.type()[i] & 0xffff) == tree.types().length - 1 || tree.start()[i] == tree.end()[i]) {
                return true;
            }
        }
        return false;
    }

    private static SyntaxTree tree(byte[] source, int from, int to) throws ParserUnavailable {
        try (Parser parser = Parser.open(Language.PYTHON, Duration.ofSeconds(30))) {
            return switch (parser.parse(source, from, to)) {
                case ParseResult.Parsed parsed -> parsed.tree();
                case ParseResult.TooHard hard -> throw new IllegalStateException(hard.reason());
            };
        }
    }

    private static String written(SourceText text) {
        return new String(text.encoded(), StandardCharsets.ISO_8859_1);
    }

    /** Asks every function in it for its body. */
    private static void ask(@Nullable Object part, byte[] source) {
        switch (part) {
            case Body body -> body.statements((start, end) -> read(source, start, end));
            case List<?> list -> list.forEach(each -> ask(each, source));
            case Record node -> {
                for (var component : node.getClass().getRecordComponents()) {
                    try {
                        component.getAccessor().setAccessible(true);
                        ask(component.getAccessor().invoke(node), source);
                    } catch (IllegalAccessException | InvocationTargetException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            case null, default -> {}
        }
    }

    private static List<Statement> read(byte[] source, int start, int end) {
        try {
            Function function =
                    SourceText.of(Language.PYTHON, tree(source, start, end)).function();
            assertThat(function).isNotNull();
            assertThat(function.start()).isEqualTo(start);
            assertThat(function.end()).isEqualTo(end);
            return function.body().known();
        } catch (ParserUnavailable e) {
            throw new IllegalStateException(e);
        }
    }
}
