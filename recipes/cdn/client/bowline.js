export const bowline = 'The rabbit comes out of the hole, goes around the tree, and back into the hole.'
