import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the files of vectors under the repository that is the only argument. */
public final class Generate {
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path vectors = root.resolve("test/vectors/joda");
        Files.createDirectories(vectors);
        write(vectors.resolve("formatting.jsonl"), Formatting.lines());
        write(vectors.resolve("arithmetic.jsonl"), Arithmetic.lines());
        write(vectors.resolve("zones.jsonl"), Zones.lines());
        write(vectors.resolve("doubles.jsonl"), Doubles.lines());
        write(root.resolve("src/core/expression/zone-names.ts"), ZoneNames.lines());
    }

    private static void write(Path path, List<String> lines) throws IOException {
        Files.writeString(path, String.join("\n", lines) + "\n");
    }
}
