import java.util.List;
import java.util.stream.Collectors;

/** As much JSON as a line of vectors needs: arrays of texts, whole numbers and nulls. */
final class Json {
    static String array(List<?> items) {
        return items.stream().map(Json::value).collect(Collectors.joining(",", "[", "]"));
    }

    private static String value(Object item) {
        if (item == null || item instanceof Long || item instanceof Integer) return String.valueOf(item);
        return '"' + item.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
