"""The parts a return's workbook is made of."""
