import {bytes, everywhere, inArray, type Table} from './table.js'

export const LITERALS: Table = {
  ...everywhere('y_literal', ['true', 'false', 'null']),
  ...inArray('n_literal', ['True', 'FALSE', 'nul', 'nulll', 'tru', 'truee', 'fals', 'undefined', 'None', 'nil', 'yes']),
  ...inArray('n_literal', ['truefalse', 'null null', 'true1', 't', 'f', 'n', 'TRUE', 'nuLL', 'void', 'function(){}']),
  n_literal_full_width: '[\uff4e\uff55\uff4c\uff4c]',
  n_literal_with_a_byte: bytes('[nul\xec]'),
  n_literal_alone_undefined: 'undefined',
  n_literal_alone_capital: 'True',
  n_literal_alone_cut_off: 'tru',
  n_literal_alone_doubled: 'true true',
  n_literal_alone_with_a_dot: 'null.',
}
