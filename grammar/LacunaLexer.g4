// Lacuna's words. The parser's rules are in LacunaParser.g4; what each kind of token is called in messages is in
// compiler/syntax/tokens.def, in the same order.
lexer grammar LacunaLexer;

// Reserved words (reserved_words.txt lists them for tools that do not read grammars).
MODEL: 'model';
GUIDE: 'guide';
DIST: 'dist';
FN: 'fn';
DIM: 'dim';
OPEN: 'open';
LET: 'let';
SAMPLE: 'sample';
OBSERVE: 'observe';
FACTOR: 'factor';
OUTPUT: 'output';
FOR: 'for';
IN: 'in';
WHERE: 'where';
IF: 'if';
THEN: 'then';
ELSE: 'else';
IMPUTE: 'impute';
RETURN: 'return';
TRUE: 'true';
FALSE: 'false';
PI: 'pi';
INF: 'inf';

// Words that mean something in one place only, and are names elsewhere (the parser's rule `name`).
ALIAS: 'alias';
AUTO: 'auto';
PARAM: 'param';
NONCENTERED: 'noncentered';

IDENTIFIER: [\p{XID_Start}_] [\p{XID_Continue}]*;
INTEGER: DIGIT+;
REAL: DIGIT+ '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT;
STRING: '"' STRING_PART* '"';
UNFINISHED_STRING: '"' STRING_PART*;

LEFT_PAREN: '(';
RIGHT_PAREN: ')';
LEFT_BRACKET: '[';
RIGHT_BRACKET: ']';
LEFT_BRACE: '{';
RIGHT_BRACE: '}';
COMMA: ',';
DOT: '.';
COLON: ':';
SEMICOLON: ';';
TILDE: '~';
ASSIGN: '=';
QUESTION: '?';

COALESCE: '??';
OR: '||';
AND: '&&';
EQUAL: '==';
NOT_EQUAL: '!=';
LESS: '<';
LESS_EQUAL: '<=';
GREATER: '>';
GREATER_EQUAL: '>=';
PLUS: '+';
MINUS: '-';
TIMES: '*';
DIVIDE: '/';
MODULO: '%';
CONTRACT: '@';
POWER: '^';
NOT: '!';

DOC_COMMENT: '///' ~[\r\n]*;
LINE_COMMENT: '//' ~[\r\n]*;
BLOCK_COMMENT: '/*' .*? '*/';
SPACE: [ \t\r\n\u000B\u000C]+ -> skip;
// Anything else is one token a character, so that the lexer itself never fails.
UNKNOWN: .;

fragment DIGIT: [0-9];
fragment EXPONENT: [eE] [+-]? DIGIT+;
fragment STRING_PART: ~["\\\r\n] | '\\' ~[\r\n];
